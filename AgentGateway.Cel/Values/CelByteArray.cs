namespace AgentGateway.Cel.Values;

/// <summary>The array that a byte sequence is a part of.</summary>
internal sealed class CelByteArray(byte[] array) : CelReference(CelKind.Bytes)
{
    public byte[] Array => array;
}

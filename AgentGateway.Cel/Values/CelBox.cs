namespace AgentGateway.Cel.Values;

/// <summary>A value on the heap: the content of an optional or of a flatten marker.</summary>
internal sealed class CelBox(CelKind kind, CelValue value) : CelReference(kind)
{
    public readonly CelValue Value = value;
}

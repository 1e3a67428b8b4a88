namespace AgentGateway.Cel.Values;

/// <summary>A value on the heap: the content of an optional or of a flatten marker.</summary>
internal sealed class CelBox(CelValue value)
{
    public readonly CelValue Value = value;
}

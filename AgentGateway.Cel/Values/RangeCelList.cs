namespace AgentGateway.Cel.Values;

/// <summary>The integers from zero up to before a number, without storing them.</summary>
internal sealed class RangeCelList(int count) : CelList
{
    public override int Count => count;

    public override CelValue this[int index] => CelValue.FromInt(index);
}

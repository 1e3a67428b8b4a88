namespace AgentGateway.Cel.Values;

/// <summary>The first <c>count</c> elements of an array.</summary>
internal sealed class ArrayCelList(CelValue[] items, int count) : CelList
{
    public override int Count => count;

    public override CelValue this[int index] => items[index];
}

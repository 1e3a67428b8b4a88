namespace AgentGateway.Cel.Values;

internal sealed class StringCelList(IReadOnlyList<string> items) : CelList
{
    public override int Count => items.Count;

    public override CelValue this[int index] => CelValue.FromString(items[index]);
}

namespace AgentGateway.Cel.Values;

/// <summary>A part of another list, without copying it.</summary>
internal sealed class SliceCelList(CelListView source, int start, int count) : CelList
{
    public override int Count => count;

    public override CelValue this[int index] => source[start + index];
}

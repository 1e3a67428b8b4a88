namespace AgentGateway.Cel.Values;

/// <summary>A part of another list, without copying it.</summary>
internal sealed class SliceCelList : CelList
{
    private readonly CelListView _source;
    private readonly int _start;

    private SliceCelList(CelListView source, int start, int count)
    {
        _source = source;
        _start = start;
        Count = count;
    }

    public override int Count { get; }

    public override CelValue this[int index] => _source[_start + index];

    /// <summary>A slice of a slice refers to the original list: reading never goes through more than one slice.</summary>
    public static SliceCelList Create(CelListView source, int start, int count) =>
        source.List is SliceCelList inner ? new SliceCelList(inner._source, inner._start + start, count) : new SliceCelList(source, start, count);
}

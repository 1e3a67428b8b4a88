using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Evaluation;

/// <summary>A list while it grows.</summary>
internal struct ListBuilder(int capacity)
{
    private CelValue[] _items = capacity == 0 ? [] : new CelValue[capacity];

    public int Count { get; private set; }

    public readonly ReadOnlySpan<CelValue> Items => _items.AsSpan(0, Count);

    public void Add(CelValue item)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Math.Max(4, Count * 2));
        _items[Count++] = item;
    }

    public readonly CelValue ToValue() => new(new ArrayCelList(_items, Count));
}

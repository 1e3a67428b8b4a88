namespace AgentGateway.Proxy.Telemetry.Attributes;

/// <summary>An ordered list of attributes, used again and again: the one list that feeds access log and span.</summary>
internal sealed class AttributeList(int capacity = 48)
{
    private (AttributeKey Key, AttributeValue Value)[] _items = new (AttributeKey, AttributeValue)[capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<(AttributeKey Key, AttributeValue Value)> Items => _items.AsSpan(0, Count);

    public void Add(AttributeKey key, AttributeValue value)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, _items.Length * 2);
        }

        _items[Count++] = (key, value);
    }

    /// <summary>Adds a string unless it is null or empty: what is not known is not shown.</summary>
    public void AddKnown(AttributeKey key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Add(key, value);
        }
    }

    /// <summary>Adds a number unless it is unknown.</summary>
    public void AddKnown(AttributeKey key, int? value)
    {
        if (value is { } number)
        {
            Add(key, (long)number);
        }
    }

    /// <summary>Appends what stands in another list.</summary>
    public void AddRange(AttributeList other)
    {
        foreach (var (key, value) in other.Items)
        {
            Add(key, value);
        }
    }

    public bool Contains(AttributeKey key) => IndexOf(key.Name) >= 0;

    /// <summary>Puts a value in the place of an earlier one with the same name, or appends it.</summary>
    public void Replace(AttributeKey key, AttributeValue value)
    {
        var index = IndexOf(key.Name);
        if (index < 0)
        {
            Add(key, value);
        }
        else
        {
            _items[index] = (key, value);
        }
    }

    /// <summary>Removes the value with this name, if there is one.</summary>
    public void Remove(string name)
    {
        var index = IndexOf(name);
        if (index >= 0)
        {
            Array.Copy(_items, index + 1, _items, index, Count - index - 1);
            _items[--Count] = default;
        }
    }

    /// <summary>Empties the list and forgets its references.</summary>
    public void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            // Names are nearly always the same instance: the table's, the plan's or a literal's.
            if (ReferenceEquals(_items[i].Key.Name, name) || string.Equals(_items[i].Key.Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}

namespace AgentGateway.Cel.Values;

/// <summary>Entries in the order they were added; small maps are searched, larger ones hashed.</summary>
internal sealed class DictionaryCelMap : CelMap
{
    private const int SearchLimit = 8;

    private CelValue[] _keys = new CelValue[4];
    private CelValue[] _values = new CelValue[4];
    private Dictionary<CelValue, int>? _index;
    private int _count;

    public override int Count => _count;

    /// <summary>Adds an entry; false, and no change, when the key is there already.</summary>
    public bool Add(CelValue key, CelValue value)
    {
        if (Find(key) >= 0)
            return false;
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, _count * 2);
            Array.Resize(ref _values, _count * 2);
        }

        _keys[_count] = key;
        _values[_count] = value;
        if (_index is not null)
        {
            _index.Add(key, _count);
        }
        else if (_count == SearchLimit)
        {
            _index = new Dictionary<CelValue, int>(CelKeyComparer.Instance);
            for (var i = 0; i <= _count; i++)
                _index.Add(_keys[i], i);
        }

        _count++;
        return true;
    }

    public void Set(CelValue key, CelValue value)
    {
        var at = Find(key);
        if (at >= 0)
            _values[at] = value;
        else
            Add(key, value);
    }

    public override CelValue Get(in CelValue key)
    {
        var at = Find(key);
        return at >= 0 ? _values[at] : default;
    }

    public override bool MoveNext(ref int cursor, out CelValue key, out CelValue value)
    {
        if (cursor >= _count)
        {
            key = default;
            value = default;
            return false;
        }

        key = _keys[cursor];
        value = _values[cursor];
        cursor++;
        return true;
    }

    private int Find(CelValue key)
    {
        if (_index is not null)
            return _index.TryGetValue(key, out var at) ? at : -1;
        for (var i = 0; i < _count; i++)
        {
            if (CelKeyComparer.Instance.Equals(_keys[i], key))
                return i;
        }

        return -1;
    }
}

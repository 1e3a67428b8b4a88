using AgentGateway.Cel.Values;

namespace AgentGateway.Cel;

/// <summary>Reads the entries of a map value, whatever holds them.</summary>
public readonly struct CelMapView
{
    private readonly CelMap? _map;
    private readonly JsonTape? _tape;
    private readonly int _token;

    internal CelMapView(in CelValue value)
    {
        _map = value.Ref as CelMap;
        if (_map is null)
        {
            _tape = value.Tape;
            _token = (int)value.Bits;
        }
    }

    /// <summary>Number of entries.</summary>
    public int Count => _map is not null ? _map.Count : _tape!.MemberCount(_token);

    /// <summary>Looks a key up; absent when there is none.</summary>
    /// <param name="key">The key; numbers match across types.</param>
    public CelValue Get(in CelValue key)
    {
        if (_map is not null)
            return _map.Get(key);
        return key.Kind == CelKind.String ? _tape!.Member(_token, key.AsString()) : default;
    }

    /// <summary>Looks a name up; absent when there is none.</summary>
    /// <param name="name">The name in both encodings.</param>
    public CelValue Get(CelName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _map is not null ? _map.Get(name) : _tape!.Member(_token, name);
    }

    /// <summary>Looks a text key up; absent when there is none.</summary>
    /// <param name="key">The key.</param>
    public CelValue Get(string key) => Get(CelValue.FromString(key));

    /// <summary>Steps through the entries.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Steps through the entries of a map.</summary>
    public struct Enumerator
    {
        private readonly CelMapView _view;
        private int _cursor;
        private CelValue _key;
        private CelValue _value;

        internal Enumerator(CelMapView view)
        {
            _view = view;
            _cursor = view._map is not null ? 0 : view._token + 1;
            _key = default;
            _value = default;
        }

        /// <summary>The entry.</summary>
        public readonly KeyValuePair<CelValue, CelValue> Current => new(_key, _value);

        internal readonly CelValue Key => _key;

        internal readonly CelValue Value => _value;

        /// <summary>Goes to the next entry.</summary>
        public bool MoveNext() => _view._map is not null
            ? _view._map.MoveNext(ref _cursor, out _key, out _value)
            : _view._tape!.NextMember(_view._token, ref _cursor, out _key, out _value);
    }
}

using AgentGateway.Cel.Values;

namespace AgentGateway.Cel;

/// <summary>Reads the elements of a list value, whatever holds them.</summary>
public readonly struct CelListView
{
    private readonly CelList? _list;
    private readonly JsonTape? _tape;
    private readonly int _token;

    internal CelList? List => _list;

    internal CelListView(CelValue value)
    {
        _list = value.Ref as CelList;
        if (_list is null)
        {
            _tape = value.Tape;
            _token = (int)value.Bits;
        }
    }

    /// <summary>Number of elements.</summary>
    public int Count => _list is not null ? _list.Count : _tape!.Count(_token);

    /// <summary>The element at a place.</summary>
    /// <param name="index">Zero-based place, below <see cref="Count"/>.</param>
    public CelValue this[int index] => _list is not null ? _list[index] : _tape!.Element(_token, index);

    /// <summary>Steps through the elements.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Copies the elements to an array.</summary>
    public CelValue[] ToArray()
    {
        var items = new CelValue[Count];
        var i = 0;
        foreach (var item in this)
        {
            if (i == items.Length)
                break;
            items[i++] = item;
        }

        return items;
    }

    /// <summary>Steps through the elements in order; linear also over JSON.</summary>
    public struct Enumerator
    {
        private readonly CelListView _view;
        private int _cursor;
        private readonly int _end;

        internal Enumerator(CelListView view)
        {
            _view = view;
            if (view._list is not null)
            {
                _cursor = -1;
                _end = view._list.Count;
            }
            else
            {
                _cursor = view._token + 1;
                _end = view._tape!.End(view._token);
            }

            Current = default;
        }

        /// <summary>The element.</summary>
        public CelValue Current { get; private set; }

        /// <summary>Goes to the next element.</summary>
        public bool MoveNext()
        {
            if (_view._list is not null)
            {
                if (++_cursor >= _end)
                    return false;
                Current = _view._list[_cursor];
                return true;
            }

            if (_cursor >= _end)
                return false;
            Current = _view._tape!.Value(_cursor);
            _cursor = _view._tape.End(_cursor);
            return true;
        }
    }
}

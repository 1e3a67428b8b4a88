using System.Runtime.CompilerServices;

namespace AgentGateway.Configuration.Documents;

/// <summary>
/// Reads the YAML that configurations are mostly written in, many times faster than a parser of the whole language: block and flow collections,
/// scalars of one line, literal blocks, comments, JSON. Whatever else it meets, and everything that is wrong, it leaves to
/// <see cref="YamlDocument"/>, which gives the same nodes for what both read (a property test compares them).
/// </summary>
/// <remarks>
/// A start reads its file once, long before the runtime compiles a second time what runs often: methods that see each character or key ask for
/// optimization at once.
/// </remarks>
internal sealed partial class PlainYaml
{
    private const int DeepestNesting = 64;
    private const int MostNodes = 4_000_000;
    private const int LongestKey = 1_000;

    // Beyond this number of keys in one mapping, comparing each with all others takes too long.
    private const int FewKeys = 24;

    private readonly SourceText _source;
    private readonly string _text;

    // Entries and items of the collections that are open, the innermost last.
    private readonly List<MappingEntry> _entries = [];
    private readonly List<ConfigNode> _items = [];
    private int _position;
    private int _line = 1;
    private int _lineStart;
    private int _nodes;

    private PlainYaml(SourceText source)
    {
        _source = source;
        _text = source.Text;
    }

    private int Column => _position - _lineStart;

    private bool AtEnd => _position >= _text.Length;

    /// <summary>The document, or null when it is not as plain as this.</summary>
    public static ConfigNode? TryParse(SourceText source)
    {
        if (!IsPlainText(source.Text))
        {
            return null;
        }

        var parser = new PlainYaml(source);
        if (!parser.SkipToContent() || (parser.AtMarker() && !parser.SkipMarker()) || parser.HasMarker())
        {
            return null;
        }

        return parser.ParseBlock(-1, 0, compact: true) is { } root and not ScalarNode && !parser.SkipToContent() ? root : null;
    }

    /// <summary>Reads the node whose first character is the current one.</summary>
    /// <param name="parent">Column of the collection around it.</param>
    /// <param name="depth">Number of collections around it.</param>
    /// <param name="compact">True where a collection may begin here; false after the colon of a key.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ConfigNode? ParseBlock(int parent, int depth, bool compact)
    {
        if (depth > DeepestNesting || ++_nodes > MostNodes)
        {
            return null;
        }

        var first = _text[_position];
        switch (first)
        {
            case '-' when IsBlank(_position + 1):
                return compact ? ParseSequence(depth) : null;
            case '[' or '{':
                return ParseFlow(parent, depth) is { } flow && EndLine() ? flow : null;
            case '|':
                return ParseLiteral(parent);
        }

        var column = Column;
        if (!TryReadScalar(inFlow: false, out var scalar))
        {
            return null;
        }

        SkipSpaces();
        if (!AtEnd && _text[_position] == ':' && IsBlank(_position + 1))
        {
            return compact ? ParseMapping(scalar, column, depth) : null;
        }

        var node = Node(scalar);
        return EndLine() ? node : null;
    }

    // The current character is the colon after the first key.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MappingNode? ParseMapping(Token key, int column, int depth)
    {
        var position = Locate(key);
        var first = _entries.Count;
        HashSet<string>? names = null;
        while (true)
        {
            if (key.Length > LongestKey || (key.IsPlain && key.Text == "<<") || !IsNew(key.Text, first, ref names))
            {
                return null;
            }

            _position++;
            var index = _entries.Count;
            _entries.Add(new MappingEntry(key.Text, Locate(key), MappingNode.Empty));
            if (ParseValue(column, depth + 1) is not { } value)
            {
                return null;
            }

            _entries[index] = _entries[index] with { Value = value };
            if (!SkipToContent() || Column < column)
            {
                break;
            }

            if (Column > column || !TryReadScalar(inFlow: false, out key))
            {
                return null;
            }

            SkipSpaces();
            if (AtEnd || _text[_position] != ':' || !IsBlank(_position + 1))
            {
                return null;
            }
        }

        return new MappingNode(position, Take(_entries, first));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ConfigNode? ParseValue(int column, int depth)
    {
        var start = _position;
        var line = _line;
        var startColumn = Column;
        SkipSpaces();
        if (!AtLineEnd())
        {
            return ParseBlock(column, depth, compact: false);
        }

        if (SkipToContent() && (Column > column || (Column == column && AtDash())))
        {
            return ParseBlock(column, depth, compact: true);
        }

        return Missing(start, line, startColumn);
    }

    // The current character is the first dash.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private SequenceNode? ParseSequence(int depth)
    {
        var column = Column;
        var position = _source.Locate(_position, _line, column + 1);
        var first = _items.Count;
        do
        {
            _position++;
            var start = _position;
            var line = _line;
            var startColumn = Column;
            SkipSpaces();
            var item = !AtLineEnd() || (SkipToContent() && Column > column)
                ? ParseBlock(column, depth + 1, compact: true)
                : Missing(start, line, startColumn);
            if (item is null)
            {
                return null;
            }

            _items.Add(item);
            if (!SkipToContent() || Column < column)
            {
                break;
            }

            if (Column > column)
            {
                return null;
            }
        }
        while (AtDash());

        return new SequenceNode(position, Take(_items, first));
    }

    private ConfigNode? ParseFlow(int parent, int depth)
    {
        var position = _source.Locate(_position, _line, Column + 1);
        return _text[_position++] == '[' ? ParseFlowSequence(position, parent, depth) : ParseFlowMapping(position, parent, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private SequenceNode? ParseFlowSequence(SourcePosition position, int parent, int depth)
    {
        var first = _items.Count;
        while (SkipFlowSpace(parent))
        {
            if (_text[_position] == ']')
            {
                _position++;
                return new SequenceNode(position, Take(_items, first));
            }

            if (ParseFlowItem(parent, depth + 1) is not { } item)
            {
                return null;
            }

            _items.Add(item);
            if (!SkipFlowSpace(parent) || (_text[_position] != ']' && !Consume(',')))
            {
                return null;
            }
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MappingNode? ParseFlowMapping(SourcePosition position, int parent, int depth)
    {
        var first = _entries.Count;
        HashSet<string>? names = null;
        while (SkipFlowSpace(parent))
        {
            if (_text[_position] == '}')
            {
                _position++;
                return new MappingNode(position, Take(_entries, first));
            }

            if (!TryReadScalar(inFlow: true, out var key) || key.Length > LongestKey || (key.IsPlain && key.Text == "<<") || !IsNew(key.Text, first, ref names))
            {
                return null;
            }

            SkipSpaces();
            var index = _entries.Count;
            _entries.Add(new MappingEntry(key.Text, Locate(key), MappingNode.Empty));
            if (!Consume(':') || !SkipFlowSpace(parent) || ParseFlowItem(parent, depth + 1) is not { } value)
            {
                return null;
            }

            _entries[index] = _entries[index] with { Value = value };
            if (!SkipFlowSpace(parent) || (_text[_position] != '}' && !Consume(',')))
            {
                return null;
            }
        }

        return null;
    }

    private ConfigNode? ParseFlowItem(int parent, int depth)
    {
        if (depth > DeepestNesting || ++_nodes > MostNodes)
        {
            return null;
        }

        return _text[_position] is '[' or '{' ? ParseFlow(parent, depth) : TryReadScalar(inFlow: true, out var scalar) ? Node(scalar) : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsNew(string key, int first, ref HashSet<string>? names)
    {
        if (names is not null)
        {
            return names.Add(key);
        }

        for (var i = first; i < _entries.Count; i++)
        {
            if (string.Equals(_entries[i].Key, key, StringComparison.Ordinal))
            {
                return false;
            }
        }

        if (_entries.Count - first >= FewKeys)
        {
            names = new HashSet<string>(StringComparer.Ordinal) { key };
            for (var i = first; i < _entries.Count; i++)
            {
                names.Add(_entries[i].Key);
            }
        }

        return true;
    }

    private static T[] Take<T>(List<T> all, int first)
    {
        var count = all.Count - first;
        if (count == 0)
        {
            return [];
        }

        var taken = new T[count];
        all.CopyTo(first, taken, 0, count);
        all.RemoveRange(first, count);
        return taken;
    }

    // A key or a dash without a value.
    private ScalarNode? Missing(int start, int line, int column) =>
        ++_nodes > MostNodes ? null : new ScalarNode(_source.Locate(start, line, column + 1), "", ScalarKind.Null, _source.FromEnvironment(start, start));
}

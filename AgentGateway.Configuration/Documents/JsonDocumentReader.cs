using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Loading;

namespace AgentGateway.Configuration.Documents;

/// <summary>
/// Builds the node tree of a JSON text. Most JSON is YAML too, but not all of it (escaped halves of surrogate pairs, tabs, keys beyond 1024 characters),
/// and documents that programs write can be large, for which this is several times faster.
/// </summary>
internal ref struct JsonDocumentReader
{
    private const int DeepestNesting = 96;
    private const int MostNodes = 4_000_000;

    private readonly ReadOnlySpan<byte> _text;
    private readonly List<ConfigurationProblem> _errors;
    private Utf8JsonReader _reader;
    private int _nodes;

    // Places only grow, so each is counted from the one before it.
    private int _at;
    private int _line = 1;
    private int _column = 1;

    private JsonDocumentReader(ReadOnlySpan<byte> text, List<ConfigurationProblem> errors)
    {
        _text = text;
        _errors = errors;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DeepestNesting });
    }

    /// <summary>Reads the text; false when it is no JSON, or has too much of it. Duplicate keys are errors of the document.</summary>
    public static bool TryRead(string text, List<ConfigurationProblem> errors, out ConfigNode root)
    {
        root = MappingNode.Empty;
        try
        {
            var reader = new JsonDocumentReader(Encoding.UTF8.GetBytes(text), errors);
            reader._reader.Read();
            root = reader.ReadNode();
            return !reader._reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private ConfigNode ReadNode()
    {
        if (++_nodes > MostNodes)
        {
            throw new JsonException();
        }

        var position = Position();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(position);
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadNode());
                }

                return new SequenceNode(position, [.. items]);
            case JsonTokenType.String:
                return new ScalarNode(position, _reader.GetString()!, ScalarKind.Text, false);
            case JsonTokenType.Number:
                var number = Encoding.UTF8.GetString(_reader.ValueSpan);
                return new ScalarNode(position, number, number.AsSpan().IndexOfAny(".eE") < 0 ? ScalarKind.Integer : ScalarKind.Number, false);
            case JsonTokenType.True:
                return new ScalarNode(position, "true", ScalarKind.Boolean, false);
            case JsonTokenType.False:
                return new ScalarNode(position, "false", ScalarKind.Boolean, false);
            default:
                return new ScalarNode(position, "null", ScalarKind.Null, false);
        }
    }

    private MappingNode ReadObject(SourcePosition position)
    {
        var entries = new List<MappingEntry>();
        HashSet<string>? keys = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var keyPosition = Position();
            var key = _reader.GetString()!;
            _reader.Read();
            var value = ReadNode();
            keys ??= new HashSet<string>(StringComparer.Ordinal);
            if (keys.Add(key))
            {
                entries.Add(new MappingEntry(key, keyPosition, value));
            }
            else if (_errors.Count < 100)
            {
                _errors.Add(new ConfigurationProblem("", keyPosition, $"duplicate key `{Reading.Quoting.Shorten(key)}`; keep one of the two"));
            }
        }

        return new MappingNode(position, [.. entries]);
    }

    private SourcePosition Position()
    {
        var to = (int)_reader.TokenStartIndex;
        var passed = _text[_at..to];
        int end;
        while ((end = passed.IndexOf((byte)'\n')) >= 0)
        {
            _line++;
            _column = 1;
            passed = passed[(end + 1)..];
        }

        _column += Encoding.UTF8.GetCharCount(passed);
        _at = to;
        return new SourcePosition(_line, _column);
    }
}

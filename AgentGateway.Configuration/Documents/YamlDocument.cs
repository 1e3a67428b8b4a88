using System.Buffers;
using AgentGateway.Configuration.Loading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentGateway.Configuration.Documents;

/// <summary>
/// Builds the node tree of one YAML (or JSON) document from parser events: scalars by the YAML 1.2 core schema, anchors, merge keys.
/// Depth, number of nodes and what aliases expand to are bounded.
/// </summary>
internal sealed class YamlDocument
{
    private static readonly SearchValues<char> UsualText = SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Select(static c => (char)c), '\t', '\n', '\r']);

    private const int DeepestNesting = 96;
    private const int MostNodes = 4_000_000;
    private const int MostAliasedNodes = 100_000;
    private const int MostOfAKind = 100;

    private readonly Parser _parser;
    private readonly SourceText _source;
    private readonly List<ConfigurationProblem> _errors;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openAnchors = new(StringComparer.Ordinal);
    private readonly List<(string? Key, int Index)> _path = [];
    private int _nodes;
    private int _duplicates;
    private int _tags;
    private long _aliased;

    private YamlDocument(Parser parser, SourceText source, List<ConfigurationProblem> errors)
    {
        _parser = parser;
        _source = source;
        _errors = errors;
    }

    /// <summary>Parses the text; null when it is not well-formed, which <paramref name="errors"/> then say. An empty text is an empty mapping.</summary>
    public static ConfigNode? Parse(SourceText source, List<ConfigurationProblem> errors) => PlainYaml.TryParse(source) ?? ParseAny(source, errors);

    /// <summary>The same for texts of all kinds: <see cref="PlainYaml"/> reads most of them faster, to the same nodes.</summary>
    internal static ConfigNode? ParseAny(SourceText source, List<ConfigurationProblem> errors)
    {
        // The parser takes some of them for the end of the text.
        if (FindForbidden(source.Text) is >= 0 and var forbidden)
        {
            errors.Add(new ConfigurationProblem(
                "", source.Locate(forbidden), $"not well-formed YAML: the character U+{(int)source.Text[forbidden]:X4} is not allowed in a text; remove it, or write it as an escape in double quotes"));
            return null;
        }

        using var reader = new StringReader(source.Text);
        var parser = new Parser(reader);
        try
        {
            return new YamlDocument(parser, source, errors).ParseStream();
        }
        catch (YamlException exception)
        {
            var position = FindTab(source.Text, exception) is >= 0 and var tab ? source.Locate(tab) : source.Locate(exception.Start.Line, exception.Start.Column);
            errors.Add(new ConfigurationProblem("", position, $"not well-formed YAML: {Reason(exception)}"));
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser gives up on some malformed texts (found by random documents) with an exception that knows no place: the last event does.
            var position = parser.Current is { } last ? source.Locate(last.End.Line, last.End.Column) : SourcePosition.Start;
            errors.Add(new ConfigurationProblem("", position, "not well-formed YAML: the text cannot be parsed after this place; look for unbalanced quotes, brackets or directives"));
            return null;
        }
    }

    // YAML 1.2.2, 5.1: printable characters, and line breaks and tabs.
    private static int FindForbidden(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyExcept(UsualText); i >= 0 && i < text.Length; i++)
        {
            if (text[i] is (< ' ' and not ('\t' or '\n' or '\r')) or (>= '\u007F' and < '\u00A0' and not '\u0085') or > '\uFFFD')
            {
                return i;
            }
        }

        return -1;
    }

    // The parser names the collection in which a line is indented by a tab.
    private static int FindTab(string text, YamlException exception)
    {
        if (!exception.Message.Contains("tab as indentation", StringComparison.Ordinal))
        {
            return -1;
        }

        var blank = true;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\t' && blank)
            {
                return i;
            }

            blank = text[i] is '\n' or '\r' || (blank && text[i] == ' ');
        }

        return -1;
    }

    // The parser's message may repeat text of the document only as a single character, never a value.
    private static string Reason(YamlException exception) => Reading.Quoting.Shorten(exception.Message);

    private ConfigNode? ParseStream()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return MappingNode.Empty;
        }

        _parser.Consume<DocumentStart>();
        var root = ParseNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _errors.Add(new ConfigurationProblem("", Position(second.Start), "the file holds more than one YAML document; keep one"));
        }

        return root is ScalarNode { Kind: ScalarKind.Null } ? MappingNode.Empty : root;
    }

    private ConfigNode ParseNode(int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"nested deeper than {DeepestNesting} levels");
        }

        if (++_nodes > MostNodes)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"more than {MostNodes} values");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias);
        }

        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        if (!anchor.IsEmpty)
        {
            _openAnchors.Add(anchor.Value);
        }

        ConfigNode node;
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            node = ParseScalar(scalar);
        }
        else if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            node = ParseSequence(sequence, depth);
        }
        else
        {
            node = ParseMapping(_parser.Consume<MappingStart>(), depth);
        }

        if (!anchor.IsEmpty)
        {
            _openAnchors.Remove(anchor.Value);
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private ConfigNode Resolve(AnchorAlias alias)
    {
        if (_openAnchors.Contains(alias.Value.Value))
        {
            throw new YamlException(alias.Start, alias.End, "an alias refers to the value that contains it");
        }

        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw new YamlException(alias.Start, alias.End, "an alias refers to an anchor that is not defined before it");
        }

        _aliased += node.ExpandedSize;
        if (_aliased > MostAliasedNodes)
        {
            throw new YamlException(alias.Start, alias.End, $"aliases expand to more than {MostAliasedNodes} values");
        }

        return node;
    }

    private ScalarNode ParseScalar(Scalar scalar)
    {
        var kind = ScalarResolution.Resolve(scalar, out var problem);
        var position = Position(scalar.Start);
        if (problem is not null && ++_tags <= MostOfAKind)
        {
            _errors.Add(new ConfigurationProblem(Path(), position, problem));
        }

        var fromEnvironment = _source.FromEnvironment(scalar.Start.Line, scalar.Start.Column, scalar.End.Line, scalar.End.Column);
        return new ScalarNode(position, scalar.Value, kind, fromEnvironment);
    }

    private void CheckTag(ParsingEvent start, TagName tag, string plain)
    {
        if (!tag.IsEmpty && !tag.IsNonSpecific && tag.Value != plain && ++_tags <= MostOfAKind)
        {
            _errors.Add(new ConfigurationProblem(Path(), Position(start.Start), ScalarResolution.UnsupportedTag));
        }
    }

    private SequenceNode ParseSequence(SequenceStart start, int depth)
    {
        CheckTag(start, start.Tag, "tag:yaml.org,2002:seq");
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            _path.Add((null, items.Count));
            items.Add(ParseNode(depth + 1));
            _path.RemoveAt(_path.Count - 1);
        }

        return new SequenceNode(Position(start.Start), [.. items]);
    }

    private MappingNode ParseMapping(MappingStart start, int depth)
    {
        CheckTag(start, start.Tag, "tag:yaml.org,2002:map");
        var entries = new List<MappingEntry>();
        var keys = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        List<ConfigNode>? merged = null;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
            {
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be a plain string");
            }

            var position = Position(key.Start);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                (merged ??= []).Add(ParseNode(depth + 1));
                continue;
            }

            if (!key.Anchor.IsEmpty)
            {
                _anchors[key.Anchor.Value] = ParseScalar(key);
            }

            _path.Add((key.Value, 0));
            var value = ParseNode(depth + 1);
            if (keys.TryAdd(key.Value, position))
            {
                entries.Add(new MappingEntry(key.Value, position, value));
            }
            else if (++_duplicates <= MostOfAKind)
            {
                _errors.Add(new ConfigurationProblem(Path(), position, $"duplicate key `{Reading.Quoting.Shorten(key.Value)}`, first used at {keys[key.Value]}; keep one of the two"));
            }

            _path.RemoveAt(_path.Count - 1);
        }

        if (merged is not null)
        {
            Merge(merged, entries, keys);
        }

        return new MappingNode(Position(start.Start), [.. entries]);
    }

    // YAML merge keys: what the mapping says itself wins, then the earlier source of the merge.
    private void Merge(List<ConfigNode> sources, List<MappingEntry> entries, Dictionary<string, SourcePosition> keys)
    {
        foreach (var source in sources)
        {
            switch (source)
            {
                case MappingNode mapping:
                    foreach (var entry in mapping.Entries)
                    {
                        if (keys.TryAdd(entry.Key, entry.KeyPosition))
                        {
                            entries.Add(entry);
                        }
                    }

                    break;
                case SequenceNode sequence:
                    Merge([.. sequence.Items], entries, keys);
                    break;
                default:
                    _errors.Add(new ConfigurationProblem("", source.Position, "a merge key `<<` needs a mapping or a list of mappings"));
                    break;
            }
        }
    }

    private string Path()
    {
        var path = Reading.ConfigPath.Root;
        foreach (var (key, index) in _path)
        {
            path = key is null ? path.Index(index) : path.Key(key);
        }

        return path.ToString();
    }

    private SourcePosition Position(Mark mark) => _source.Locate(mark.Line, mark.Column);
}

using System.Globalization;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>A mapping of the source that remembers which of its keys were used, so that nothing of it is lost in silence.</summary>
internal sealed class SourceMap(MappingNode node, string path, List<ConversionNote> notes)
{
    private const string EnvironmentPrefix = "os.environ/";

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Takes the value of a key; null when it is absent or null.</summary>
    public ConfigNode? Take(string key)
    {
        _used.Add(key);
        return node.Get(key);
    }

    /// <summary>The text of a scalar, which does not count as used.</summary>
    public string? Peek(string key) => node.Get(key) is ScalarNode scalar ? scalar.Text : null;

    /// <summary>The text of a scalar, as it is written.</summary>
    public string? Raw(string key)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case ScalarNode scalar:
                return scalar.Text;
            default:
                Note(ConversionFidelity.Unsupported, key, "a plain value was expected; not carried over");
                return null;
        }
    }

    /// <summary>The text of a scalar as our document says it: references to the environment in our syntax.</summary>
    public string? Text(string key) => Raw(key) is { } text ? Carry(text) : null;

    /// <summary>A positive whole number.</summary>
    public int? Number(string key)
    {
        if (Raw(key) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Note(ConversionFidelity.Manual, key, "no whole number that is known here; not carried over");
        return null;
    }

    public SourceMap? Map(string key)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case MappingNode mapping:
                return new SourceMap(mapping, PathOf(key), notes);
            default:
                Note(ConversionFidelity.Unsupported, key, "a mapping was expected; not carried over");
                return null;
        }
    }

    public IReadOnlyList<(ConfigNode Item, string Path)> List(string key)
    {
        switch (Take(key))
        {
            case null:
                return [];
            case SequenceNode sequence:
                return [.. sequence.Items.Select((item, index) => (item, $"{PathOf(key)}[{index}]"))];
            default:
                Note(ConversionFidelity.Unsupported, key, "a list was expected; not carried over");
                return [];
        }
    }

    /// <summary>The mappings of a list; other items are noted. A mapping in the place of the list is its only item.</summary>
    public IEnumerable<SourceMap> Maps(string key)
    {
        if (node.Get(key) is MappingNode && Map(key) is { } single)
        {
            yield return single;
            yield break;
        }

        foreach (var (item, itemPath) in List(key))
        {
            if (item is MappingNode mapping)
            {
                yield return new SourceMap(mapping, itemPath, notes);
            }
            else
            {
                notes.Add(new ConversionNote(ConversionFidelity.Unsupported, itemPath, "a mapping was expected; not carried over"));
            }
        }
    }

    /// <summary>All keys, for a mapping whose keys are names.</summary>
    public IEnumerable<(string Key, ConfigNode Value)> Entries()
    {
        foreach (var entry in node.Entries)
        {
            _used.Add(entry.Key);
            yield return (entry.Key, entry.Value);
        }
    }

    public void Note(ConversionFidelity fidelity, string key, string message) => notes.Add(new ConversionNote(fidelity, PathOf(key), message));

    /// <summary>Notes every key that nothing asked for; one without a value says nothing that could be lost.</summary>
    public void Finish(Func<string, string?>? hint = null)
    {
        foreach (var entry in node.Entries)
        {
            if (_used.Contains(entry.Key) || entry.Value is ScalarNode { Kind: ScalarKind.Null })
            {
                continue;
            }

            var advice = hint?.Invoke(entry.Key);
            Note(advice is null ? ConversionFidelity.Unsupported : ConversionFidelity.Manual, entry.Key, advice is null ? "nothing here corresponds to it; not carried over" : $"not carried over: {advice}");
        }
    }

    /// <summary>A value as our document says it.</summary>
    public static ConfigNode Carry(ConfigNode value) => value switch
    {
        MappingNode mapping => Yaml.Map(mapping.Entries.Select(static e => (e.Key, (ConfigNode?)Carry(e.Value)))),
        SequenceNode sequence => Yaml.List(sequence.Items.Select(Carry)),
        ScalarNode { Kind: ScalarKind.Text } scalar => Yaml.Text(Carry(scalar.Text)),
        _ => value,
    };

    /// <summary>The same for a value whose parts must be texts, such as variables of the environment.</summary>
    public static ConfigNode CarryTexts(ConfigNode value) => value switch
    {
        MappingNode mapping => Yaml.Map(mapping.Entries.Select(static e => (e.Key, (ConfigNode?)CarryTexts(e.Value)))),
        SequenceNode sequence => Yaml.List(sequence.Items.Select(CarryTexts)),
        ScalarNode { Kind: not ScalarKind.Null } scalar => Yaml.Text(Carry(scalar.Text)),
        _ => value,
    };

    /// <summary><c>os.environ/NAME</c> becomes <c>$NAME</c>; a dollar sign that is meant is doubled.</summary>
    public static string Carry(string text) =>
        text.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && text.Length > EnvironmentPrefix.Length && text.AsSpan(EnvironmentPrefix.Length).IndexOfAnyExcept(CharacterSets.VariableName) < 0
            ? "$" + text[EnvironmentPrefix.Length..]
            : text.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>True for a value that comes from the environment.</summary>
    public static bool IsReference(string carried) => carried is ['$', not '$', ..];
}

using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion;

/// <summary>Makes nodes of a document that is to be written.</summary>
internal static class Yaml
{
    public static ScalarNode Text(string text) => new(SourcePosition.Start, text, ScalarKind.Text, false);

    public static ScalarNode Integer(int number) => new(SourcePosition.Start, number.ToString(System.Globalization.CultureInfo.InvariantCulture), ScalarKind.Integer, false);

    public static SequenceNode List(IEnumerable<ConfigNode> items) => new(SourcePosition.Start, [.. items]);

    /// <summary>A mapping of the entries that have a value.</summary>
    public static MappingNode Map(params IEnumerable<(string Key, ConfigNode? Value)> entries) => new(
        SourcePosition.Start, [.. entries.Where(static e => e.Value is not null).Select(static e => new MappingEntry(e.Key, SourcePosition.Start, e.Value!))]);

    /// <summary>Null for a mapping without entries, so that it is left out.</summary>
    public static MappingNode? OrNull(this MappingNode mapping) => mapping.Entries.Length == 0 ? null : mapping;

    public static ConfigNode? Get(this MappingNode? mapping, string key) =>
        mapping?.IndexOf(key) is >= 0 and var index && mapping.Entries[index].Value is not ScalarNode { Kind: ScalarKind.Null } ? mapping.Entries[index].Value : null;

    public static MappingNode? GetMap(this MappingNode? mapping, string key) => mapping.Get(key) as MappingNode;

    public static string? GetText(this MappingNode? mapping, string key) => mapping.Get(key) is ScalarNode scalar ? scalar.Text : null;

    /// <summary>The mapping without some of its keys.</summary>
    public static MappingNode Without(this MappingNode mapping, params ReadOnlySpan<string> keys)
    {
        var entries = new List<MappingEntry>();
        foreach (var entry in mapping.Entries)
        {
            if (!keys.Contains(entry.Key))
            {
                entries.Add(entry);
            }
        }

        return new MappingNode(mapping.Position, [.. entries]);
    }

    /// <summary>The mapping with a key set, in its place or at the end.</summary>
    public static MappingNode With(this MappingNode mapping, string key, ConfigNode value)
    {
        var entry = new MappingEntry(key, SourcePosition.Start, value);
        var index = mapping.IndexOf(key);
        return new MappingNode(mapping.Position, index < 0 ? [.. mapping.Entries, entry] : [.. mapping.Entries.Take(index), entry, .. mapping.Entries.Skip(index + 1)]);
    }
}

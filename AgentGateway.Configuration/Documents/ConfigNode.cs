using System.Runtime.CompilerServices;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Documents;

/// <summary>A value of a configuration document that knows its place in the file.</summary>
internal abstract class ConfigNode(SourcePosition position)
{
    public SourcePosition Position { get; } = position;

    /// <summary>Number of nodes after all aliases are followed; bounds what a document may expand to.</summary>
    public abstract long ExpandedSize { get; }

    /// <summary>The kind of value in words of the configuration's author.</summary>
    public abstract string KindName { get; }
}

/// <summary>What an unquoted or quoted scalar means, by the YAML 1.2 core schema.</summary>
internal enum ScalarKind
{
    Null,
    Boolean,
    Integer,
    Number,
    Text,
}

/// <summary>A scalar value.</summary>
/// <param name="position">Where it starts.</param>
/// <param name="text">Text without quotes.</param>
/// <param name="kind">Meaning of the text.</param>
/// <param name="fromEnvironment">True when an environment variable was expanded inside; such a text is never repeated in a message.</param>
internal sealed class ScalarNode(SourcePosition position, string text, ScalarKind kind, bool fromEnvironment) : ConfigNode(position)
{
    public string Text { get; } = text;

    public ScalarKind Kind { get; } = kind;

    public bool FromEnvironment { get; } = fromEnvironment;

    public override long ExpandedSize => 1;

    public override string KindName => Kind switch
    {
        ScalarKind.Null => "null",
        ScalarKind.Boolean => "a boolean",
        ScalarKind.Integer => "an integer",
        ScalarKind.Number => "a number",
        _ => "a string",
    };

    /// <summary>The value as it may be shown in a message: bounded, and without what came from the environment or is a password in an address.</summary>
    public string Shown => FromEnvironment ? "(from the environment)" : Quoting.Shorten(Quoting.WithoutPassword(Text));
}

/// <summary>A list.</summary>
internal sealed class SequenceNode(SourcePosition position, ConfigNode[] items) : ConfigNode(position)
{
    public ConfigNode[] Items { get; } = items;

    public override long ExpandedSize { get; } = Sum(items);

    public override string KindName => "a list";

    private static long Sum(ConfigNode[] items)
    {
        var size = 1L;
        foreach (var item in items)
        {
            size += item.ExpandedSize;
        }

        return size;
    }
}

/// <summary>One key of a mapping with its value.</summary>
/// <param name="Key">Key text.</param>
/// <param name="KeyPosition">Where the key starts.</param>
/// <param name="Value">Value of the key.</param>
internal readonly record struct MappingEntry(string Key, SourcePosition KeyPosition, ConfigNode Value);

/// <summary>A mapping with text keys in the order of the file.</summary>
internal sealed class MappingNode(SourcePosition position, MappingEntry[] entries) : ConfigNode(position)
{
    public static MappingNode Empty { get; } = new(SourcePosition.Start, []);

    public MappingEntry[] Entries { get; } = entries;

    public override long ExpandedSize { get; } = Sum(entries);

    public override string KindName => "a mapping";

    public bool Has(string key) => IndexOf(key) >= 0;

    /// <summary>Value of a key, or null.</summary>
    public ConfigNode? Find(string key) => IndexOf(key) is >= 0 and var index ? Entries[index].Value : null;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int IndexOf(string key)
    {
        var entries = Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            if (string.Equals(entries[i].Key, key, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private static long Sum(MappingEntry[] entries)
    {
        var size = 1L;
        foreach (var entry in entries)
        {
            size += 1 + entry.Value.ExpandedSize;
        }

        return size;
    }
}

using System.Globalization;
using System.Text;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion;

/// <summary>Writes nodes as YAML in block style, with quotes only where the text would mean something else without.</summary>
internal static class YamlOutput
{
    /// <summary>The entries of a mapping, one or more lines each.</summary>
    public static string Write(MappingNode mapping, int indent = 0)
    {
        var output = new StringBuilder();
        Entries(output, mapping, indent, startsLine: true);
        return output.ToString();
    }

    private static void Entries(StringBuilder output, MappingNode mapping, int indent, bool startsLine)
    {
        foreach (var entry in mapping.Entries)
        {
            if (startsLine)
            {
                output.Append(' ', indent);
            }

            startsLine = true;
            output.Append(Scalar(entry.Key)).Append(':');
            Value(output, entry.Value, indent + 2, inList: false);
        }
    }

    private static void Value(StringBuilder output, ConfigNode node, int indent, bool inList)
    {
        switch (node)
        {
            case MappingNode { Entries.Length: > 0 } mapping when inList:
                output.Append(' ');
                Entries(output, mapping, indent, startsLine: false);
                break;
            case MappingNode { Entries.Length: > 0 } mapping:
                output.Append('\n');
                Entries(output, mapping, indent, startsLine: true);
                break;
            case MappingNode:
                output.Append(" {}\n");
                break;
            case SequenceNode { Items.Length: > 0 } sequence:
                output.Append('\n');
                foreach (var item in sequence.Items)
                {
                    output.Append(' ', inList ? indent : indent - 2).Append('-');
                    Value(output, item, inList ? indent + 2 : indent, inList: true);
                }

                break;
            case SequenceNode:
                output.Append(" []\n");
                break;
            case ScalarNode { Kind: ScalarKind.Text } scalar:
                output.Append(' ').Append(Scalar(scalar.Text)).Append('\n');
                break;
            case ScalarNode scalar:
                output.Append(' ').Append(scalar.Kind == ScalarKind.Null ? "null" : scalar.Text).Append('\n');
                break;
        }
    }

    private static string Scalar(string text) => IsPlain(text) ? text : Quote(text);

    private static bool IsPlain(string text) =>
        text.Length > 0
        && ScalarResolution.FromPlain(text) == ScalarKind.Text
        && text.AsSpan().ContainsAnyExceptInRange('0', '9')
        && !"-?:,[]{}#&*!|>'\"%@`=<. ".Contains(text[0], StringComparison.Ordinal)
        && text[^1] is not (' ' or ':')
        && !text.Contains(": ", StringComparison.Ordinal)
        && !text.Contains(" #", StringComparison.Ordinal)
        && !text.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\uFEFF');

    private static string Quote(string text)
    {
        if (text.Contains('"', StringComparison.Ordinal) && !text.Contains('\'', StringComparison.Ordinal) && !text.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF'))
        {
            return $"'{text}'";
        }

        var output = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => output.Append('\\').Append(c),
                '\n' => output.Append("\\n"),
                '\t' => output.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => output.Append(c),
            };
        }

        return output.Append('"').ToString();
    }
}

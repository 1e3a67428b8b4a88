using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace AgentGateway.Configuration.Conversion.Migration;

/// <summary>
/// Changes a document so that what is not moved stays as it was written, comments included. Where lines cannot be moved (flow style, aliases), the whole
/// document is written anew, which is noted.
/// </summary>
/// <param name="text">The document.</param>
/// <param name="root">Its content.</param>
/// <param name="config">The new content of <c>config</c>.</param>
/// <param name="moved">What goes into <c>frontendPolicies</c>.</param>
/// <param name="notes">Takes a note when comments are lost.</param>
internal sealed class DocumentEdit(string text, MappingNode root, MappingNode config, MappingNode moved, List<ConversionNote> notes)
{
    private readonly List<string> _lines = [.. text.ReplaceLineEndings("\n").Split('\n')];

    public static MappingNode? Parse(string text, List<ConfigurationProblem> problems)
    {
        var node = YamlDocument.Parse(new SourceText(text, text, []), problems);
        if (problems.Count == 0 && node is not MappingNode)
        {
            problems.Add(new ConfigurationProblem("", SourcePosition.Start, "the document is no mapping"));
        }

        return problems.Count == 0 ? node as MappingNode : null;
    }

    public string Apply()
    {
        var wanted = Wanted();
        var edited = EditLines();
        if (edited is not null && Parse(edited, []) is { } result && Same(result, wanted))
        {
            return text.Contains("\r\n", StringComparison.Ordinal) ? edited.ReplaceLineEndings("\r\n") : edited;
        }

        if (IsJson())
        {
            return Json(wanted);
        }

        if (_lines.Exists(static line => line.Contains('#', StringComparison.Ordinal)))
        {
            notes.Add(new ConversionNote(ConversionFidelity.Approximate, "config", "the whole document was written anew, without its comments"));
        }

        return YamlOutput.Write(wanted);
    }

    private MappingNode Wanted()
    {
        var frontend = root.GetMap("frontendPolicies") ?? MappingNode.Empty;
        foreach (var entry in moved.Entries)
        {
            frontend = frontend.With(entry.Key, entry.Value);
        }

        var trimmed = config.Entries.Length == 0 ? root.Without("config") : root.With("config", config);
        return trimmed.With("frontendPolicies", frontend);
    }

    private string? EditLines()
    {
        var old = root.GetMap("config")!;
        var configEntry = Entry(root, "config");
        var gone = new List<(int Start, int End)>();
        if (config.Entries.Length == 0)
        {
            gone.Add(Span(configEntry));
        }
        else
        {
            CollectGone(old, config, gone);
        }

        var block = new StringBuilder();
        int at;
        if (root.GetMap("frontendPolicies") is { Entries: [var first, ..] })
        {
            at = Span(Entry(root, "frontendPolicies")).End;
            AppendMoved(block, gone, first.KeyPosition.Column - 1);
        }
        else if (root.Has("frontendPolicies"))
        {
            return null;
        }
        else
        {
            at = Span(configEntry).End;
            block.Append("frontendPolicies:\n");
            AppendMoved(block, gone, 2);
        }

        var output = new StringBuilder(text.Length + 256);
        for (var i = 0; i <= _lines.Count; i++)
        {
            if (i == at)
            {
                output.Append(block);
            }

            if (i < _lines.Count && !gone.Exists(span => span.Start <= i && i < span.End))
            {
                output.Append(_lines[i]);
                if (i < _lines.Count - 1 || _lines[i].Length > 0)
                {
                    output.Append('\n');
                }
            }
        }

        return output.ToString();
    }

    private void AppendMoved(StringBuilder block, List<(int Start, int End)> gone, int indent)
    {
        foreach (var (line, comment) in Comments())
        {
            if (gone.Exists(span => span.Start <= line && line < span.End))
            {
                block.Append(' ', indent).Append(comment).Append('\n');
            }
        }

        block.Append(YamlOutput.Write(moved, indent));
    }

    // On lines of their own and at the ends of lines.
    private IEnumerable<(int Line, string Text)> Comments()
    {
        using var reader = new StringReader(string.Join('\n', _lines));
        var scanner = new Scanner(reader, skipComments: false);
        while (scanner.MoveNext())
        {
            if (scanner.Current is Comment comment)
            {
                var line = (int)comment.Start.Line - 1;
                yield return (line, _lines[line][((int)comment.Start.Column - 1)..].TrimEnd());
            }
        }
    }

    // Lines of what is no longer there, at any depth.
    private void CollectGone(MappingNode before, MappingNode after, List<(int Start, int End)> gone)
    {
        foreach (var entry in before.Entries)
        {
            if (!after.Has(entry.Key))
            {
                gone.Add(WithComments(Span(entry), entry.KeyPosition.Column - 1));
            }
            else if (entry.Value is MappingNode inner && after.GetMap(entry.Key) is { } remaining && !ReferenceEquals(inner, remaining))
            {
                CollectGone(inner, remaining, gone);
            }
        }
    }

    // Comments right above a key, at its depth, go with it.
    private (int Start, int End) WithComments((int Start, int End) span, int indent)
    {
        while (span.Start > 0 && _lines[span.Start - 1].TrimStart() is ['#', ..] comment && _lines[span.Start - 1].Length - comment.Length == indent)
        {
            span.Start--;
        }

        return span;
    }

    private static MappingEntry Entry(MappingNode mapping, string key) => mapping.Entries[mapping.IndexOf(key)];

    // From the line of a key up to the next line that is indented no deeper. Blank lines and comments at the end belong to what follows.
    private (int Start, int End) Span(MappingEntry entry)
    {
        var start = entry.KeyPosition.Line - 1;
        var indent = entry.KeyPosition.Column - 1;
        var end = start + 1;
        for (var i = end; i < _lines.Count; i++)
        {
            var line = _lines[i];
            var content = line.TrimStart(' ');
            if (content.Length == 0)
            {
                continue;
            }

            var depth = line.Length - content.Length;
            if (depth < indent || (depth == indent && !(content.StartsWith("- ", StringComparison.Ordinal) && entry.Value is SequenceNode)))
            {
                break;
            }

            end = i + 1;
        }

        return (start, end);
    }

    private bool IsJson()
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Json(MappingNode wanted)
    {
        using var document = JsonDocument.Parse(JsonShape.ToJson(wanted).Json);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static bool Same(ConfigNode left, ConfigNode right) => (left, right) switch
    {
        (ScalarNode a, ScalarNode b) => a.Kind == b.Kind && a.Text == b.Text,
        (SequenceNode a, SequenceNode b) => a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(static pair => Same(pair.First, pair.Second)),
        (MappingNode a, MappingNode b) => a.Entries.Length == b.Entries.Length && a.Entries.All(entry => b.IndexOf(entry.Key) is >= 0 and var i && Same(entry.Value, b.Entries[i].Value)),
        _ => false,
    };
}

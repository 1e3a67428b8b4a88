using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>
/// Reads OpenAPI documents (JSON or YAML, version 3.0 or 3.1) into tools, by the rules of specification config-mcp 2.10. Everything that is wrong is
/// told at once, with its place; what is left out is told as a warning.
/// </summary>
public sealed class OpenApiReader
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly OpenApiProblems _problems;
    private readonly OperationReader _operations;
    private readonly Dictionary<string, OpenApiTool> _tools = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _list = new(4096);

    private OpenApiReader(MappingNode document, bool isVersion30, string prefix, OpenApiProblems problems)
    {
        _problems = problems;
        var references = new References(document);
        _operations = new OperationReader(references, new SchemaWriter(references, isVersion30, problems), prefix, problems);
    }

    /// <summary>Reads a document.</summary>
    /// <param name="text">Its text.</param>
    /// <returns>The tools, or what is wrong. Never throws.</returns>
    public static OpenApiReading Read(string text)
    {
        var problems = new OpenApiProblems();
        if (Encoding.UTF8.GetByteCount(text) > OpenApiLimits.DocumentBytes)
        {
            problems.Error(ConfigPath.Root, SourcePosition.Start, $"the document is larger than {OpenApiLimits.DocumentBytes} bytes; split it");
            return problems.Result(null);
        }

        if (Parse(text, problems) is not { } document || !CheckVersion(document, problems, out var isVersion30))
        {
            return problems.Result(null);
        }

        var prefix = ServerPrefix.Read(document, problems);
        if (document.Find("paths") is not MappingNode paths)
        {
            problems.Error(ConfigPath.Root, document.Position, "the document has no `paths`; without operations there are no tools");
            return problems.Result(null);
        }

        var reader = new OpenApiReader(document, isVersion30, prefix, problems);
        var list = reader.ReadPaths(paths);
        var info = document.Find("info") as MappingNode;
        return problems.Result(new OpenApiToolSet(
            text,
            (info?.Find("title") as ScalarNode)?.Text ?? "openapi",
            (info?.Find("version") as ScalarNode)?.Text ?? "0",
            reader._tools.ToFrozenDictionary(StringComparer.Ordinal),
            list));
    }

    private static MappingNode? Parse(string text, OpenApiProblems problems)
    {
        var errors = new List<ConfigurationProblem>();
        if (!text.AsSpan().TrimStart(" \t\r\n\uFEFF").StartsWith('{') || !JsonDocumentReader.TryRead(text.TrimStart('\uFEFF'), errors, out var root))
        {
            errors.Clear();
            root = YamlDocument.Parse(new SourceText(text, text, []), errors)!;
        }

        problems.Errors.AddRange(errors.Take(OpenApiLimits.Problems));
        if (errors.Count > 0)
        {
            return null;
        }

        if (root is MappingNode document)
        {
            return document;
        }

        problems.Error(ConfigPath.Root, root.Position, $"expected an OpenAPI document, found {root.KindName}");
        return null;
    }

    private static bool CheckVersion(MappingNode document, OpenApiProblems problems, out bool isVersion30)
    {
        isVersion30 = false;
        if (document.Has("swagger"))
        {
            problems.Error(ConfigPath.Root.Key("swagger"), document.Position, "this is a Swagger 2.0 document; convert it to OpenAPI 3.0");
            return false;
        }

        if (document.Find("openapi") is not ScalarNode version)
        {
            problems.Error(ConfigPath.Root, document.Position, "not an OpenAPI document: `openapi: 3.0.x` is missing");
            return false;
        }

        isVersion30 = version.Text is "3.0" || version.Text.StartsWith("3.0.", StringComparison.Ordinal);
        if (!isVersion30 && version.Text is not "3.1" && !version.Text.StartsWith("3.1.", StringComparison.Ordinal))
        {
            problems.Error(ConfigPath.Root.Key("openapi"), version.Position, $"OpenAPI {version.Shown} is not supported; convert the document to 3.0 or 3.1");
            return false;
        }

        return true;
    }

    private ReadOnlyMemory<byte> ReadPaths(MappingNode paths)
    {
        using var writer = new Utf8JsonWriter(_list, Plain);
        writer.WriteStartObject();
        writer.WriteStartArray("tools"u8);
        var at = ConfigPath.Root.Key("paths");
        foreach (var entry in paths.Entries)
        {
            if (!entry.Key.StartsWith("x-", StringComparison.Ordinal) && !ReadItem(writer, entry, at.Key(entry.Key)))
            {
                break;
            }
        }

        if (_problems.Errors.Count > 0)
        {
            return default;
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        if (_tools.Count == 0)
        {
            _problems.Warning(at, paths.Position, "the document has no operations, so that there are no tools");
        }

        return _list.WrittenMemory;
    }

    // False when the bounds of the whole document are reached.
    private bool ReadItem(Utf8JsonWriter writer, MappingEntry entry, ConfigPath path)
    {
        if (entry.Value is not MappingNode item)
        {
            _problems.Error(path, entry.KeyPosition, $"expected the operations of the path, found {entry.Value.KindName}");
            return true;
        }

        if (References.Of(item) is { } reference)
        {
            _problems.Error(path, reference.Position, $"unsupported reference {reference.Shown} in place of a path; write its operations here");
            return true;
        }

        foreach (var member in item.Entries)
        {
            if (Array.IndexOf(Methods, member.Key) < 0)
            {
                if (member.Key is not ("parameters" or "summary" or "description") && !member.Key.StartsWith("x-", StringComparison.Ordinal))
                {
                    _problems.Warning(path.Key(member.Key), member.KeyPosition, member.Key == "servers"
                        ? "the servers of a path are ignored; the host comes from the configuration and the prefix from the document's own server"
                        : "ignored, because it is no method; methods are written in lower case");
                }

                continue;
            }

            if (!ReadOperation(writer, entry, item, member, path.Key(member.Key)))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadOperation(Utf8JsonWriter writer, MappingEntry pathEntry, MappingNode item, MappingEntry entry, ConfigPath path)
    {
        if (_tools.Count == OpenApiLimits.Tools)
        {
            _problems.Error(path, entry.KeyPosition, $"the document has more than {OpenApiLimits.Tools} operations; split it over several targets");
            return false;
        }

        if (entry.Value is not MappingNode operation)
        {
            _problems.Error(path, entry.KeyPosition, $"expected an operation, found {entry.Value.KindName}");
            return true;
        }

        try
        {
            var tool = _operations.Read(writer, new OperationPlace(entry.Key.ToUpperInvariant(), pathEntry.Key, path), item, operation);
            if (!_tools.TryAdd(tool.Name, tool))
            {
                _problems.Error(path.Key("operationId"), operation.Find("operationId")!.Position, $"duplicate operationId `{Quoting.Shorten(tool.Name)}`; names of operations are unique in a document");
            }
        }
        catch (OpenApiProblemException problem)
        {
            _problems.Error(problem.Path, problem.Position, problem.Message);
            StartOver(writer);
        }
        catch (ArgumentException)
        {
            _problems.Error(path, entry.KeyPosition, "the operation has text that is not valid Unicode (half of a surrogate pair)");
            StartOver(writer);
        }

        if (writer.BytesCommitted + writer.BytesPending <= OpenApiLimits.ListBytes)
        {
            return true;
        }

        _problems.Error(path, entry.KeyPosition, $"the list of tools is larger than {OpenApiLimits.ListBytes} bytes once references are inlined; split the document over several targets");
        return false;
    }

    // A tool was written in part. The list is not used any more, because there is an error; the bounds still hold.
    private void StartOver(Utf8JsonWriter writer)
    {
        writer.Reset();
        _list.ResetWrittenCount();
    }
}

using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>A REST service whose OpenAPI operations become tools.</summary>
/// <param name="Schema">The OpenAPI document.</param>
/// <param name="Connection">How the service is reached.</param>
internal sealed record OpenApiTarget(Resource Schema, McpConnection Connection)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public static Shape<OpenApiTarget> Shape { get; } = Shapes.Object("McpOpenApi", "A REST service whose OpenAPI operations become tools.", static r =>
    {
        var schema = r.Required("schema", Resource.Shape, "OpenAPI 3.0 document, as JSON or YAML: inline, `{file}` or `{url}`.", "{file: ./openapi.json}");
        if (!r.Describing && schema.Text is { Length: > 0 } text && Check(text) is { } problem)
        {
            r.Error("schema", problem);
        }

        return new OpenApiTarget(schema, McpConnection.Read(r, pathRequired: false));
    });

    /// <summary>What is wrong with an OpenAPI document, or null.</summary>
    private static string? Check(string text)
    {
        var errors = new List<ConfigurationProblem>();
        var root = YamlDocument.Parse(new SourceText(text, text, []), errors);
        if (errors.Count > 0 || root is not MappingNode document)
        {
            return $"not a readable OpenAPI document: {(errors.Count > 0 ? errors[0].Message : "it is no mapping")}";
        }

        if (Find(document, "openapi") is not ScalarNode version || !version.Text.StartsWith("3.", StringComparison.Ordinal))
        {
            return "not an OpenAPI 3 document: `openapi: 3.0.x` is missing";
        }

        if (Find(document, "servers") is SequenceNode { Items.Length: > 1 })
        {
            return "the OpenAPI document names more than one server; keep one";
        }

        if (Find(document, "paths") is not MappingNode paths)
        {
            return "the OpenAPI document has no paths";
        }

        foreach (var path in paths.Entries)
        {
            foreach (var method in Methods)
            {
                if (path.Value is MappingNode item && Find(item, method) is MappingNode operation && Find(operation, "operationId") is not ScalarNode { Text.Length: > 0 })
                {
                    return $"information required: operationId of {method.ToUpperInvariant()} {Quoting.Shorten(path.Key)} in the OpenAPI document";
                }
            }
        }

        return null;
    }

    private static ConfigNode? Find(MappingNode mapping, string key) => mapping.IndexOf(key) is >= 0 and var index ? mapping.Entries[index].Value : null;
}

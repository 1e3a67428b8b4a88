using AgentGateway.Configuration.OpenApi;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>A REST service whose OpenAPI operations become tools.</summary>
/// <param name="Schema">The OpenAPI document.</param>
/// <param name="Tools">Its tools; null when it is at a URL, or cannot be read.</param>
/// <param name="Connection">How the service is reached.</param>
internal sealed record OpenApiTarget(Resource Schema, OpenApiToolSet? Tools, McpConnection Connection)
{
    public static Shape<OpenApiTarget> Shape { get; } = Shapes.Object("McpOpenApi", "A REST service whose OpenAPI operations become tools.", static r =>
    {
        var schema = r.Required("schema", Resource.Shape, "OpenAPI 3.0 or 3.1 document, as JSON or YAML: inline, `{file}` or `{url}`.", "{file: ./openapi.json}");
        var tools = r.Describing || schema.Text is not { Length: > 0 } text ? null : Read(r, schema, text);
        return new OpenApiTarget(schema, tools, McpConnection.Read(r, pathRequired: false));
    });

    private static OpenApiToolSet? Read(ObjectReader r, Resource schema, string text)
    {
        var reading = OpenApiReader.Read(text);
        foreach (var error in reading.Errors)
        {
            r.Error("schema", $"OpenAPI document {schema}: {error}");
        }

        foreach (var warning in reading.Warnings)
        {
            r.Warning("schema", $"OpenAPI document {schema}: {warning}");
        }

        return reading.Tools;
    }
}

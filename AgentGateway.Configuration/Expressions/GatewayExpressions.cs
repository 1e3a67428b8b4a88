using AgentGateway.Cel;

namespace AgentGateway.Configuration.Expressions;

/// <summary>The environment every expression of the gateway is compiled in, declared once.</summary>
public static class GatewayExpressions
{
    /// <summary>
    /// The gateway's variables and functions. More lenient than the language (<see cref="CelLeniency.All"/>); what the checker finds is a warning.
    /// </summary>
    public static CelEnvironment Environment { get; } = CreateBuilder().Build();

    /// <summary>Compiles an expression of the configuration.</summary>
    /// <param name="source">Its text.</param>
    public static CelCompilation Compile(string source) => Environment.Compile(source);

    /// <summary>A builder with everything of the gateway declared, for hosts that add to it.</summary>
    public static CelEnvironmentBuilder CreateBuilder()
    {
        var builder = new CelEnvironmentBuilder { Leniency = CelLeniency.All };
        builder.AddVariable("request", GatewayVariables.Request, GatewayTypes.Request.Type, "The request.");
        builder.AddVariable("response", GatewayVariables.Response, GatewayTypes.Response.Type, "The response; after the upstream answered.");
        builder.AddVariable("proxy", GatewayVariables.Proxy, GatewayTypes.Proxy.Type, "Where in the gateway the request is handled.");
        builder.AddVariable("env", GatewayVariables.Env, GatewayTypes.Env.Type, "The environment of this gateway.");
        builder.AddVariable("source", GatewayVariables.Source, GatewayTypes.Source.Type, "The client and its certificate.");
        builder.AddVariable("destination", GatewayVariables.Destination, GatewayTypes.Destination.Type, "The gateway's side of the client connection.");
        builder.AddVariable("jwt", GatewayVariables.Jwt, GatewayTypes.Jwt.Type, "Claims of the verified token; null without one.");
        builder.AddVariable("apiKey", GatewayVariables.ApiKey, GatewayTypes.ApiKey.Type, "The verified API key and its metadata; null without one.");
        builder.AddVariable("basicAuth", GatewayVariables.BasicAuth, GatewayTypes.BasicAuth.Type, "The verified basic credentials; null without them.");
        builder.AddVariable("llm", GatewayVariables.Llm, GatewayTypes.Llm.Type, "The model call; null for other traffic.");
        builder.AddVariable("llmRequest", GatewayVariables.LlmRequest, CelType.Dyn, "The request body as JSON; in LLM policies only.");
        builder.AddVariable("mcp", GatewayVariables.Mcp, GatewayTypes.Mcp.Type, "The MCP message; null for other traffic.");
        builder.AddVariable("backend", GatewayVariables.Backend, GatewayTypes.Backend.Type, "The backend that was chosen.");
        builder.AddVariable("extauthz", GatewayVariables.Extauthz, CelType.Dyn, "Metadata from the external authorization service.");
        builder.AddVariable("extproc", GatewayVariables.Extproc, CelType.Dyn, "Metadata from the external processing service.");
        builder.AddVariable("mcpGuardrails", GatewayVariables.McpGuardrails, CelType.Dyn, "Metadata from MCP guardrails.");
        builder.AddVariable("metadata", GatewayVariables.Metadata, CelType.Dyn, "Metadata set by transformations.");
        builder.AddVariable("trace", GatewayVariables.Trace, GatewayTypes.Trace.Type, "The trace of the request.");
        builder.AddType("headers", GatewayTypes.Headers.Type);
        HeaderFunctions.Register(builder);
        QueryFunctions.Register(builder);
        return builder;
    }
}

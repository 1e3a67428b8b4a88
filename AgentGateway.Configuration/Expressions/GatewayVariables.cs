namespace AgentGateway.Configuration.Expressions;

/// <summary>Slots of the root variables, for <see cref="AgentGateway.Cel.ICelActivation.GetVariable"/>.</summary>
public static class GatewayVariables
{
    /// <summary><c>request</c>: The request.</summary>
    public const int Request = 0;

    /// <summary><c>response</c>: The response; after the upstream answered.</summary>
    public const int Response = 1;

    /// <summary><c>proxy</c>: Where in the gateway the request is handled.</summary>
    public const int Proxy = 2;

    /// <summary><c>env</c>: The environment of this gateway.</summary>
    public const int Env = 3;

    /// <summary><c>source</c>: The client and its certificate.</summary>
    public const int Source = 4;

    /// <summary><c>destination</c>: The gateway's side of the client connection.</summary>
    public const int Destination = 5;

    /// <summary><c>jwt</c>: Claims of the verified token; null without one.</summary>
    public const int Jwt = 6;

    /// <summary><c>apiKey</c>: The verified API key and its metadata; null without one.</summary>
    public const int ApiKey = 7;

    /// <summary><c>basicAuth</c>: The verified basic credentials; null without them.</summary>
    public const int BasicAuth = 8;

    /// <summary><c>llm</c>: The model call; null for other traffic.</summary>
    public const int Llm = 9;

    /// <summary><c>llmRequest</c>: The request body as JSON; in LLM policies only.</summary>
    public const int LlmRequest = 10;

    /// <summary><c>mcp</c>: The MCP message; null for other traffic.</summary>
    public const int Mcp = 11;

    /// <summary><c>backend</c>: The backend that was chosen.</summary>
    public const int Backend = 12;

    /// <summary><c>extauthz</c>: Metadata from the external authorization service.</summary>
    public const int Extauthz = 13;

    /// <summary><c>extproc</c>: Metadata from the external processing service.</summary>
    public const int Extproc = 14;

    /// <summary><c>mcpGuardrails</c>: Metadata from MCP guardrails.</summary>
    public const int McpGuardrails = 15;

    /// <summary><c>metadata</c>: Metadata set by transformations.</summary>
    public const int Metadata = 16;

    /// <summary><c>trace</c>: The trace of the request.</summary>
    public const int Trace = 17;

    /// <summary>Number of slots.</summary>
    public const int Count = 18;
}

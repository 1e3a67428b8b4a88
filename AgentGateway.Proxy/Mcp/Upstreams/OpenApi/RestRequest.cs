namespace AgentGateway.Proxy.Mcp.Upstreams.OpenApi;

/// <summary>What a call of a tool asks of the REST service.</summary>
internal sealed class RestRequest
{
    /// <summary>Path and query, escaped.</summary>
    public required string Target { get; init; }

    /// <summary>Headers of the operation, without line breaks.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>Body; null sends none.</summary>
    public ReadOnlyMemory<byte>? Body { get; set; }

    /// <summary>True when the body is bytes, false when it is JSON.</summary>
    public bool IsBytes { get; set; }
}

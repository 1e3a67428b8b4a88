namespace AgentGateway.Configuration.OpenApi;

/// <summary>What an operation takes as its body.</summary>
public enum OpenApiBody
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>JSON (<c>application/json</c>).</summary>
    Json,

    /// <summary>Bytes (<c>application/octet-stream</c>), which arguments give as base64.</summary>
    Bytes,
}

using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>What an authorization service decided: a refusal, or changes to the request that passes. Immutable: it may be kept in a cache.</summary>
internal sealed record AuthzDecision
{
    /// <summary>Lets the request pass as it is.</summary>
    public static AuthzDecision Pass { get; } = new();

    /// <summary>Answer to the client; null lets the request pass.</summary>
    public GatewayReply? Refusal { get; init; }

    public IReadOnlyList<HeaderChange> RequestHeaders { get; init; } = [];

    public IReadOnlyList<string> RemovedHeaders { get; init; } = [];

    /// <summary>Headers that the response gets, whatever it is; one whose mode is to append stands beside those of its name.</summary>
    public IReadOnlyList<HeaderChange> ResponseHeaders { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string?>> Query { get; init; } = [];

    /// <summary>Variable <c>extauthz</c>: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>False for answers that speak of a failure of the service.</summary>
    public bool IsCacheable { get; init; } = true;
}

/// <summary>A header that the service sets on the request.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="Mode">What happens to one that is there.</param>
internal sealed record HeaderChange(string Name, string Value, HeaderChangeMode Mode);

internal enum HeaderChangeMode
{
    Set,
    Append,
    AddIfAbsent,
    SetIfPresent,
}

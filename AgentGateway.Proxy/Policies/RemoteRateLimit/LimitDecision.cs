using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>What a limiter says about a request.</summary>
internal sealed record LimitDecision
{
    public required bool IsAllowed { get; init; }

    /// <summary>Headers for the client, refused or not; each name once.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> ResponseHeaders { get; init; } = [];

    /// <summary>Headers for the upstream.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RequestHeaders { get; init; } = [];

    /// <summary>Body of a refusal instead of the usual message; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The three headers that tell a client where it stands.</summary>
    public static KeyValuePair<string, StringValues>[] Standing(ulong limit, ulong remaining, ulong resetSeconds) =>
    [
        new("x-ratelimit-limit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("x-ratelimit-remaining", remaining.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("x-ratelimit-reset", resetSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];
}

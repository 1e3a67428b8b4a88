using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Policies;

/// <summary>
/// Warns of settings of policies that are understood and change nothing, such as the length of a message or a pseudo header that the message does not
/// have: the original reads them too, so they are no errors.
/// </summary>
internal static class IneffectiveSettings
{
    private const string Framing = "has no effect: whoever sends the message says how long it is; remove it";

    /// <summary>Looks at one policy.</summary>
    /// <param name="r">The mapping that the policy is in.</param>
    /// <param name="key">Its key.</param>
    /// <param name="policy">The policy, read without errors.</param>
    public static void Warn(ObjectReader r, string key, PolicySnapshot policy)
    {
        switch (policy)
        {
            case RequestHeaderModifier { Headers: var headers }:
                WarnOfModifier(r, key, headers, isRequest: true);
                break;
            case ResponseHeaderModifier { Headers: var headers }:
                WarnOfModifier(r, key, headers, isRequest: false);
                break;
            case TransformationPolicy transformations:
                WarnOfTransformation(r, [key], transformations);
                break;
            case Conditional<TransformationPolicy> choices:
                WarnOfEach(r, key, choices, WarnOfTransformation);
                break;
            case DirectResponse response:
                WarnOfResponse(r, [key], response);
                break;
            case Conditional<DirectResponse> choices:
                WarnOfEach(r, key, choices, WarnOfResponse);
                break;
            case LocalRateLimits { Limits: var limits }:
                for (var i = 0; i < limits.Length; i++)
                {
                    WarnOfLimit(r, [key, Index(i)], limits[i]);
                }

                break;
            case Conditional<LocalRateLimits> choices:
                WarnOfEach(r, key, choices, static (r, path, limits) => WarnOfLimit(r, path, limits.Limits[0]));
                break;
            case JwtAuth { Providers: var providers }:
                for (var i = 0; i < providers.Length; i++)
                {
                    if (providers[i].Audiences is { IsEmpty: true })
                    {
                        Warn(r, [key, "providers", Index(i), "audiences"], "the list is empty, so that no token is accepted; name an audience, or remove the key to accept tokens for any");
                    }
                }

                break;
            case McpAuthentication { Audiences.IsEmpty: true }:
                Warn(r, [key, "audiences"], "the list is empty, so that no token is accepted; name the audience of this server");
                break;
            case CsrfPolicy { AdditionalOrigins: var origins }:
                for (var i = 0; i < origins.Length; i++)
                {
                    if (origins[i] == "*" || !ValueShapes.IsOrigin(origins[i]))
                    {
                        Warn(r, [key, "additionalOrigins", Index(i)], $"`{Quoting.Shorten(origins[i])}` matches no request: write scheme://host or scheme://host:port; `*` may stand in the host");
                    }
                }

                break;
            case ApiKeyAuth { Keys: var keys }:
                WarnOfRepeatedKeys(r, key, keys);
                break;
        }
    }

    private static void WarnOfEach<T>(ObjectReader r, string key, Conditional<T> choices, Action<ObjectReader, string[], T> warn)
    {
        for (var i = 0; i < choices.Entries.Length; i++)
        {
            warn(r, [key, "conditional", Index(i)], choices.Entries[i].Policy);
        }
    }

    private static void WarnOfModifier(ObjectReader r, string key, HeaderModifier headers, bool isRequest)
    {
        foreach (var (section, map) in (ReadOnlySpan<(string, EquatableMap<string>)>)[("add", headers.Add), ("set", headers.Set)])
        {
            foreach (var (name, _) in map)
            {
                if (IsFraming(name))
                {
                    Warn(r, [key, section, name], Framing);
                }
                else if (isRequest ? name[0] == ':' && name != ":authority" : name[0] == ':' || IsHost(name))
                {
                    Warn(r, [key, section, name], isRequest
                        ? "has no effect: of the pseudo headers only `:authority` can be set here; use urlRewrite or transformations"
                        : "has no effect: a response has no such header; remove it");
                }
            }
        }

        WarnOfRemoved(r, [key], headers.Remove);
    }

    private static void WarnOfTransformation(ObjectReader r, string[] path, TransformationPolicy policy)
    {
        foreach (var (side, changes) in (ReadOnlySpan<(string, Transformation?)>)[("request", policy.Request), ("response", policy.Response)])
        {
            if (changes is null)
            {
                continue;
            }

            foreach (var (section, map) in (ReadOnlySpan<(string, EquatableMap<Expression>)>)[("add", changes.Add), ("set", changes.Set)])
            {
                foreach (var (name, _) in map)
                {
                    if (IsFraming(name))
                    {
                        Warn(r, [.. path, side, section, name], Framing);
                    }
                    else if (side == "request" ? name == ":status" : (name[0] == ':' && name != ":status") || IsHost(name))
                    {
                        Warn(r, [.. path, side, section, name], $"has no effect: a {side} has no such header; remove it");
                    }
                }
            }

            WarnOfRemoved(r, [.. path, side], changes.Remove);
        }
    }

    private static void WarnOfRemoved(ObjectReader r, string[] path, EquatableArray<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i][0] == ':')
            {
                Warn(r, [.. path, "remove", Index(i)], $"`{names[i]}` cannot be removed; remove it from the list");
            }
        }
    }

    private static void WarnOfResponse(ObjectReader r, string[] path, DirectResponse response)
    {
        foreach (var (name, _) in response.Headers)
        {
            if (IsFraming(name))
            {
                Warn(r, [.. path, "headers", name], Framing);
            }
            else if (name[0] == ':')
            {
                Warn(r, [.. path, "headers", name], "has no effect: the key `status` says the status, and a response has no other pseudo header; remove it");
            }
        }
    }

    private static void WarnOfLimit(ObjectReader r, string[] path, LocalRateLimit limit)
    {
        if (limit.Type == RateLimitType.Tokens)
        {
            Warn(r, path, "counts the tokens of LLM calls only: other requests pass uncounted");
        }
        else if (limit.TokensPerFill == 0)
        {
            Warn(r, path, limit.MaxTokens == 0
                ? "refuses every request: maxTokens is 0; set maxTokens and tokensPerFill"
                : "never fills again once it is empty: tokensPerFill is 0; set it");
        }
    }

    // By the hash, so that the same key once in clear and once hashed is found. The first entry counts.
    private static void WarnOfRepeatedKeys(ObjectReader r, string key, EquatableArray<ApiKey> keys)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < keys.Length; i++)
        {
            var hash = keys[i].Key is { } secret
                ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret.Reveal())))
                : keys[i].KeyHash is { } text ? text[(text.IndexOf(':') + 1)..] : Index(i);
            if (!seen.TryAdd(hash, i))
            {
                Warn(r, [key, "keys", Index(i)], $"has no effect: it is the key of keys[{Index(seen[hash])}]; remove one of them");
            }
        }
    }

    private static bool IsFraming(string name) =>
        name.Equals("content-length", StringComparison.OrdinalIgnoreCase) || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase);

    private static bool IsHost(string name) => name.Equals("host", StringComparison.OrdinalIgnoreCase);

    private static string Index(int index) => index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void Warn(ObjectReader r, ReadOnlySpan<string> path, string message)
    {
        var at = r.AtPath(path);
        r.Context.Warning(at.Path, at.Position, message);
    }
}

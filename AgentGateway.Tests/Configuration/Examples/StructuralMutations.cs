using AgentGateway.Configuration.Documents;

namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>What must not become of the keys of a mapping: missing ones, and two where one is wanted.</summary>
internal static class StructuralMutations
{
    // By the key that a mapping (or the list around it) stands under: keys that it cannot do without.
    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["binds"] = ["port", "listeners"],
        ["mcp"] = ["targets"],
        ["stdio"] = ["cmd"],
        ["openapi"] = ["schema"],
        ["llm"] = ["models"],
        ["models"] = ["name", "provider"],
        ["virtualModels"] = ["name", "routing"],
        ["jwtAuth"] = ["issuer", "jwks"],
        ["oidc"] = ["issuer", "clientId", "clientSecret", "redirectURI"],
        ["apiKey"] = ["keys"],
        ["basicAuth"] = ["htpasswd"],
        ["authorization"] = ["rules"],
        ["mcpAuthorization"] = ["rules"],
        ["mcpAuthentication"] = ["issuer", "audiences", "resourceMetadata"],
        ["delay"] = ["duration"],
        ["retry"] = ["codes"],
        ["requestMirror"] = ["backend", "percentage"],
        ["localRateLimit"] = ["fillInterval"],
        ["remoteRateLimit"] = ["domain", "descriptors"],
        ["agentCore"] = ["agentRuntimeArn"],
        ["routeGroups"] = ["name", "routes"],
        ["jwtSign"] = ["signingKey"],
        ["database"] = ["url"],
        ["session"] = ["key"],
    };

    // One of each group is wanted, and one only.
    private static readonly (string[] Under, string[] Kinds)[] Exclusive =
    [
        (["backends"], ["host", "backend", "service", "dynamic", "mcp", "ai", "aws", "internal", "routeGroup"]),
        (["targets"], ["stdio", "mcp", "sse", "openapi"]),
        (["path"], ["exact", "pathPrefix", "regex"]),
        (["value"], ["exact", "regex"]),
        (["provider"], ["openAI", "anthropic", "gemini", "vertex", "bedrock", "azure", "copilot", "custom"]),
        (["location", "source"], ["header", "queryParameter", "cookie", "expression"]),
        (["extAuthz", "extProc", "remoteRateLimit", "tracing", "otlp", "oauthTokenExchange"], ["host", "backend", "service"]),
        (["routing"], ["weighted", "failover", "conditional"]),
        (["target"], ["gateway", "route", "backend", "listenerSet"]),
        (["request", "response"], ["regex", "webhook", "openAIModeration", "bedrockGuardrails", "googleModelArmor", "azureContentSafety"]),
    ];

    public static IEnumerable<(string Kind, ConfigNode Replacement)> Of(NodePath path, MappingNode mapping)
    {
        var key = path.LastKey;
        if (mapping.Entries.Length > 0)
        {
            yield return ("duplicate key", new MappingNode(mapping.Position, [.. mapping.Entries, mapping.Entries[0]]));
        }

        if (Required.TryGetValue(key, out var required))
        {
            foreach (var name in required)
            {
                // An internal bind needs no port.
                if (mapping.Has(name) && !(name == "port" && mapping.Has("mode")))
                {
                    yield return ($"missing {name}", Without(mapping, name));
                }
            }
        }

        foreach (var (under, kinds) in Exclusive)
        {
            var present = kinds.Where(mapping.Has).ToList();
            if (!under.Contains(key) || present.Count != 1)
            {
                continue;
            }

            yield return ($"none of {string.Join("/", kinds)}", Without(mapping, present[0]));
            var other = kinds.First(kind => kind != present[0]);
            yield return ($"both {present[0]} and {other}", new MappingNode(mapping.Position, [.. mapping.Entries, new MappingEntry(other, mapping.Position, Example(other))]));
        }
    }

    private static MappingNode Without(MappingNode mapping, string key) => new(mapping.Position, [.. mapping.Entries.Where(e => e.Key != key)]);

    private static ConfigNode Example(string kind) => kind switch
    {
        "host" => ScalarMutations.Text("example.com:80"),
        "exact" or "pathPrefix" or "regex" => ScalarMutations.Text("/x"),
        "backend" => ScalarMutations.Text("shared"),
        _ => MappingNode.Empty,
    };
}

using AgentGateway.Configuration;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>Values that a plain value of a document must not have, by the key it stands under.</summary>
internal static class ScalarMutations
{
    /// <summary>The one mutation that is only warned about: what a function is called is known for certain only when it is called.</summary>
    public const string UnknownFunction = "unknown function";

    private static readonly HashSet<string> Enumerations = new(StringComparer.Ordinal)
    {
        "protocol", "failureMode", "statefulMode", "prefixMode", "otlpProtocol", "tunnelProtocol", "grantType", "tokenEndpointAuth", "format", "visibility", "builtin", "action",
        "destinationMode", "alg", "resourceType", "azureResourceType", "mode", "type", "phase", "lookupFamily", "histograms", "streaming", "passthrough", "scope", "http1HeaderCase",
        "requestBodyMode", "responseBodyMode", "minTLSVersion", "maxTLSVersion", "keyExchangeGroups", "version",
    };

    private static readonly HashSet<string> Expressions = new(StringComparer.Ordinal)
    {
        "condition", "when", "filter", "bodyExpression", "unhealthyExpression", "allow", "deny", "require", "precondition", "cost", "limitOverride", "redirect", "rules", "source",
    };

    // Maps whose values are expressions.
    private static readonly HashSet<string> ExpressionMaps = new(StringComparer.Ordinal)
    {
        "attributes", "resources", "transformation", "finalTransformation", "addRequestHeaders", "requestAttributes", "additionalParams",
    };

    private static readonly HashSet<string> References = new(StringComparer.Ordinal) { "backend", "gateways", "reference" };

    private static readonly HashSet<string> Urls = new(StringComparer.Ordinal)
    {
        "url", "baseUrl", "redirectURI", "authorizationEndpoint", "tokenEndpoint", "otlpEndpoint", "adminAddr", "statsAddr", "readinessAddr",
    };

    private static readonly HashSet<string> Files = new(StringComparer.Ordinal) { "cert", "key", "root", "file" };

    private static readonly HashSet<string> Durations = new(StringComparer.Ordinal)
    {
        "requestTimeout", "backendRequestTimeout", "backoff", "fillInterval", "sessionTtl", "maxAge", "connectTimeout", "handshakeTimeout", "http1IdleTimeout", "poolIdleTimeout",
        "connectionTerminationDeadline",
    };

    /// <summary>What is done and the value that takes the place of the scalar.</summary>
    public static IEnumerable<(string Kind, ConfigNode Replacement)> Of(NodePath path, ScalarNode scalar)
    {
        var key = path.LastKey;
        var sampling = key is "randomSampling" or "clientSampling";
        if (scalar.Kind is ScalarKind.Boolean or ScalarKind.Integer && !sampling)
        {
            yield return ("string for a plain value", Text("bogus"));
        }

        if (scalar.Kind is ScalarKind.Integer or ScalarKind.Number)
        {
            yield return ("negative number", Integer("-1"));
            yield return ("number out of range", Integer("99999999999999999999"));
        }

        if (key == "port")
        {
            yield return ("port out of range", Integer("65536"));
        }

        if (key is "status" or "codes" or "denyWithStatus")
        {
            yield return ("status code out of range", Integer("1000"));
        }

        if (Enumerations.Contains(key) && !(key == "passthrough" && path.Has("routes")))
        {
            yield return ("unknown enum value", Text("bogus"));
        }

        if (IsExpression(path))
        {
            yield return ("broken expression", Text("1 + ("));
            yield return (UnknownFunction, Text("noSuchFunction(1)"));
        }

        if (References.Contains(key) && path.ParentKey is not ("add" or "set"))
        {
            yield return ("missing reference", Text("no-such-thing"));
        }

        if (Durations.Contains(key) || (scalar.Kind == ScalarKind.Text && char.IsAsciiDigit(scalar.Text.FirstOrDefault()) && GoDuration.TryParse(scalar.Text, out _) && scalar.Text != "0"))
        {
            yield return ("negative duration", Text("-" + scalar.Text));
            yield return ("duration without unit", Text("5 parsecs"));
        }

        if (scalar.Kind == ScalarKind.Text)
        {
            foreach (var broken in Texts(path, key))
            {
                yield return broken;
            }
        }
    }

    public static ScalarNode Text(string text) => new(SourcePosition.Start, text, ScalarKind.Text, false);

    public static ScalarNode Integer(string text) => new(SourcePosition.Start, text, ScalarKind.Integer, false);

    private static IEnumerable<(string Kind, ConfigNode Replacement)> Texts(NodePath path, string key)
    {
        if (key == "host")
        {
            yield return ("broken address", Text("exa mple:80"));
        }

        if (Urls.Contains(key))
        {
            yield return ("broken URL", Text("not an url"));
        }

        if (key is "regex" or "pattern")
        {
            yield return ("broken regular expression", Text("(unclosed"));
        }

        if (key == "method" && path.Has("matches"))
        {
            yield return ("broken method", Text("GE T"));
        }

        if ((key == "name" && path.ParentKey is "headers" or "header") || (key == "remove" && path.ParentKey is "requestHeaderModifier" or "responseHeaderModifier"))
        {
            yield return ("broken header name", Text("bad name"));
        }

        if (key is "hostnames" or "hostname" && !path.Has("services") && !path.Has("backendTLS"))
        {
            yield return ("broken host name", Text("bad host"));
        }

        if (key == "allowOrigins")
        {
            yield return ("broken origin", Text("https://a b/c"));
        }

        if (Files.Contains(key) && (path.Has("tls") || path.Has("backendTLS") || path.ParentKey is "jwks" or "schema" or "apiKey"))
        {
            yield return ("missing file", Text("no/such/file"));
        }

        if (key is "pathPrefix" or "exact" && path.ParentKey == "path")
        {
            yield return ("path without slash", Text("no-slash"));
        }

        if (key == "agentRuntimeArn")
        {
            yield return ("broken ARN", Text("arn:aws:nothing"));
        }
    }

    private static bool IsExpression(NodePath path)
    {
        var key = path.LastKey;
        if (path.IsItem && key != "rules")
        {
            return false;
        }

        return (Expressions.Contains(key) && !(key == "rules" && path.ParentKey == "regex") && !(key is "add" or "set" or "remove"))
            || ExpressionMaps.Contains(path.ParentKey)
            || (path.ParentKey is "add" or "set" && (path.Has("transformations") || path.Has("accessLog") || path.Has("fields") || path.Has("logging")));
    }
}

using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace AgentGateway.Configuration;

/// <summary>
/// The one list of keys that are read and validated, and on which the gateway does not act yet. Running with one of them is an error,
/// <c>--validate-only</c> warns. Whoever makes a key work removes its line. Entries are <c>&lt;type&gt;.&lt;key&gt;</c>.
/// </summary>
internal static class NotSupportedYet
{
    private static readonly FrozenSet<string> Keys = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            // Sections and kinds of backends.
            "Document.llm",
            "Document.ui",
            "RouteBackend.ai",
            "RouteBackend.aws",
            "RouteBackend.internal",
            "NamedBackend.ai",
            "NamedBackend.aws",
            "NamedBackend.internal",

            // Process-wide settings.
            "Config.database",
            "Config.modelCatalog",
            "Config.spiffe",
            "Config.standardAttributes",
            "Logging.database",

            // Settings towards clients.
            "FrontendHttp.http1HeaderCase",
            "AccessLog.database",
            "FrontendPolicies.networkExtAuthz",
            "FrontendTls.keyExchangeGroups",
            "ListenerTls.keyExchangeGroups",
            "ListenerTls.spiffe",

            // Credentials.
            "BackendAuth.copilot",
            "BackendAuth.crossAppAccess",

            // Policies of routes.
            "RoutePolicies.mcpGuardrails",
            "RoutePolicies.ai",
            "RoutePolicies.extProc",
            "RoutePolicies.buffer",
            // Policies that run before a route is chosen.
            "GatewayPolicies.extProc",
            // Policies of backends.
            "BackendPolicies.mcpGuardrails",
            "BackendPolicies.inferenceRouting",
            "BackendPolicies.sessionAffinity",
            "BackendPolicies.ai",
            // TLS towards backends.
            "BackendTls.keyExchangeGroups",
            "BackendTls.spiffe",
        ]);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Keys.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True when the key of that type is refused at run time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Contains(string type, string key)
    {
        Span<char> name = stackalloc char[type.Length + 1 + key.Length];
        type.CopyTo(name);
        name[type.Length] = '.';
        key.CopyTo(name[(type.Length + 1)..]);
        return Lookup.Contains(name);
    }

    /// <summary>All entries, for a test that each one names a key of the model.</summary>
    internal static IEnumerable<string> All => Keys;
}

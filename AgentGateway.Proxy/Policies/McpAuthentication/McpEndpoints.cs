namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>Paths that MCP clients ask for when they log in.</summary>
internal static class McpEndpoints
{
    public const string ProtectedResource = "/.well-known/oauth-protected-resource";
    public const string AuthorizationServer = "/.well-known/oauth-authorization-server";
    public const string RegistrationSuffix = "/client-registration";
    public const string AuthorizeSuffix = "/authorize";
    public const string TokenSuffix = "/token";

    /// <summary>What follows a well-known prefix: empty, or a path. Null when the path is not below the prefix.</summary>
    public static string? Below(ReadOnlySpan<char> path, string prefix) =>
        !path.StartsWith(prefix, StringComparison.Ordinal) ? null
        : path.Length == prefix.Length ? ""
        : path[prefix.Length] == '/' ? path[prefix.Length..].TrimEnd('/').ToString()
        : null;
}

using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Credentials;

namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>What <c>mcpAuthentication</c> publishes and how it talks to the authorization server (specification config-mcp 2.9).</summary>
internal sealed record McpAuthenticationSettings
{
    public required string Issuer { get; init; }

    public required string[] Audiences { get; init; }

    /// <summary>Kind of the identity provider, or null for an authorization server that keeps to the MCP specification.</summary>
    public McpIdentityProvider? Provider { get; init; }

    /// <summary>Published as it is, with names in snake case: a JSON object.</summary>
    public required string ResourceMetadataJson { get; init; }

    /// <summary>Client id that registrations are answered with, or null to pass them on.</summary>
    public string? ClientId { get; init; }

    /// <summary>Secret that goes with <see cref="ClientId"/>, or null.</summary>
    public string? ClientSecret { get; init; }

    public AuthenticationMode Mode { get; init; } = AuthenticationMode.Strict;

    public CredentialPlace Location { get; init; } = CredentialPlace.Bearer;
}

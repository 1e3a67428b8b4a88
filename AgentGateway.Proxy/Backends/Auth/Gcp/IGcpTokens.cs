using AgentGateway.Proxy.Backends.Auth.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>A Google Cloud credential: it gives tokens.</summary>
internal interface IGcpTokens
{
    /// <summary>Scope of access tokens. The IAM roles of the credential say what it may do.</summary>
    const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>Fetches a token.</summary>
    /// <param name="audience">Audience of an identity token; null fetches an access token.</param>
    /// <param name="cancellationToken">Cancels the fetch.</param>
    /// <exception cref="BackendAuthException">There is none.</exception>
    Task<GcpToken> FetchAsync(string? audience, CancellationToken cancellationToken);
}

/// <summary>A token, and the project that pays for the calls made with it.</summary>
/// <param name="Token">The token.</param>
/// <param name="QuotaProject">Project, sent as <c>x-goog-user-project</c>; null for the credential's own.</param>
internal readonly record struct GcpToken(FetchedToken Token, string? QuotaProject = null);

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Identity assertion grant of two legs (ID-JAG).</summary>
public sealed record CrossAppAccess
{
    /// <summary>Token endpoint of the identity provider.</summary>
    public required CrossAppAccessEndpoint IdentityProvider { get; init; }

    /// <summary>Token endpoint of the resource.</summary>
    public required CrossAppAccessEndpoint ResourceAuthorizationServer { get; init; }

    /// <summary>Audience of the assertion.</summary>
    public required string Audience { get; init; }

    /// <summary>Resources asked for.</summary>
    public EquatableArray<string> Resources { get; init; } = [];

    /// <summary>Scopes asked of the identity provider.</summary>
    public EquatableArray<string> Scopes { get; init; } = [];

    /// <summary>Scopes asked of the resource.</summary>
    public EquatableArray<string>? AccessTokenScopes { get; init; }

    /// <summary>The caller's token.</summary>
    public CrossAppAccessSubject? SubjectToken { get; init; }

    /// <summary>Keeps tokens.</summary>
    public TokenCache? Cache { get; init; }
}

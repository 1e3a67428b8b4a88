namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the gateway authenticates to an upstream: at most one kind, beside fixed credentials.</summary>
public sealed record BackendAuth : PolicySnapshot
{
    /// <summary>Put the caller's validated token back.</summary>
    public PassthroughAuth? Passthrough { get; init; }

    /// <summary>A fixed key.</summary>
    public KeyAuth? Key { get; init; }

    /// <summary>Google Cloud credentials.</summary>
    public GcpAuth? Gcp { get; init; }

    /// <summary>AWS request signing.</summary>
    public AwsAuth? Aws { get; init; }

    /// <summary>Azure credentials.</summary>
    public AzureAuth? Azure { get; init; }

    /// <summary>GitHub Copilot's token exchange.</summary>
    public bool Copilot { get; init; }

    /// <summary>A token that the gateway signs.</summary>
    public JwtSign? JwtSign { get; init; }

    /// <summary>The caller's token, exchanged.</summary>
    public OAuthTokenExchange? OAuthTokenExchange { get; init; }

    /// <summary>The caller's identity, exchanged in two legs.</summary>
    public CrossAppAccess? CrossAppAccess { get; init; }

    /// <summary>Fixed credentials.</summary>
    public EquatableArray<BackendCredential> Credentials { get; init; } = [];
}

/// <summary>The caller's validated token is put back.</summary>
/// <param name="Location">Where; <c>Authorization: Bearer</c> when null.</param>
public sealed record PassthroughAuth(AuthorizationLocation? Location);

/// <summary>A fixed key.</summary>
/// <param name="Value">The key.</param>
/// <param name="Location">Where it is put; <c>Authorization: Bearer</c> when null.</param>
public sealed record KeyAuth(Secret Value, AuthorizationLocation? Location);

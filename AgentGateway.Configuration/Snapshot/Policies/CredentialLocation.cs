namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Where a credential stands in a request (configuration type <c>AuthorizationLocation</c>). Closed hierarchy.</summary>
public abstract record CredentialLocation
{
    /// <summary><c>Authorization: Bearer …</c>, the default nearly everywhere.</summary>
    public static CredentialLocation Bearer { get; } = new HeaderCredentialLocation("authorization", "Bearer ");

    /// <summary><c>Authorization: Basic …</c>, the default of <c>basicAuth</c>.</summary>
    public static CredentialLocation Basic { get; } = new HeaderCredentialLocation("authorization", "Basic ");
}

/// <summary>A header (<c>header: {name, prefix}</c>).</summary>
/// <param name="Name">Name of the header.</param>
/// <param name="Prefix">Text before the credential, compared without regard to case; empty for none. A value without it holds no credential.</param>
public sealed record HeaderCredentialLocation(string Name, string Prefix = "") : CredentialLocation;

/// <summary>A query parameter (<c>queryParameter: {name}</c>).</summary>
/// <param name="Name">Name of the parameter, after percent-decoding.</param>
public sealed record QueryCredentialLocation(string Name) : CredentialLocation;

/// <summary>A cookie (<c>cookie: {name}</c>).</summary>
/// <param name="Name">Name of the cookie.</param>
public sealed record CookieCredentialLocation(string Name) : CredentialLocation;

/// <summary>Found by an expression (<c>expression</c>); cannot be used where a credential is put.</summary>
/// <param name="Expression">Gives the credential.</param>
public sealed record ExpressionCredentialLocation(Expression Expression) : CredentialLocation;

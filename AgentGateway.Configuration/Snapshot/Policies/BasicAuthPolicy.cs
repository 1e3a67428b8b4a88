namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Basic authentication against a list of users (configuration key <c>basicAuth</c>).</summary>
public sealed record BasicAuthPolicy : PolicySnapshot
{
    /// <summary>Lines <c>user:hash</c> in the format of Apache's htpasswd.</summary>
    public required Secret Htpasswd { get; init; }

    /// <summary>Realm of the challenge.</summary>
    public string Realm { get; init; } = "Restricted";

    /// <summary>Optional (the default) or strict.</summary>
    public AuthenticationMode Mode { get; init; }

    /// <summary>Where the credentials stand; <c>Authorization: Basic</c> by default.</summary>
    public CredentialLocation Location { get; init; } = CredentialLocation.Basic;
}

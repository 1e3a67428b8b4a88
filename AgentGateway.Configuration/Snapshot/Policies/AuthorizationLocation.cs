namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Where a credential is found or put. Exactly one of the four is set.</summary>
public sealed record AuthorizationLocation
{
    /// <summary>A header, with what stands before the credential.</summary>
    public HeaderLocation? Header { get; init; }

    /// <summary>Name of a query parameter.</summary>
    public string? QueryParameter { get; init; }

    /// <summary>Name of a cookie.</summary>
    public string? Cookie { get; init; }

    /// <summary>Finds the credential in a request; read-only.</summary>
    public Expression? Expression { get; init; }
}

/// <summary>A credential in a header.</summary>
/// <param name="Name">Header name.</param>
/// <param name="Prefix">What stands before the credential, such as <c>Bearer </c>; empty for nothing.</param>
public sealed record HeaderLocation(string Name, string Prefix);

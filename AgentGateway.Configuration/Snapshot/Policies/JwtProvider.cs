namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>An issuer of tokens.</summary>
public sealed record JwtProvider
{
    /// <summary>Expected <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Accepted <c>aud</c>; any when absent.</summary>
    public EquatableArray<string>? Audiences { get; init; }

    /// <summary>Keys of the issuer: inline JSON, <c>{file}</c> or <c>{url}</c>.</summary>
    public required Resource Jwks { get; init; }

    /// <summary>What a token must hold.</summary>
    public JwtValidationOptions? JwtValidationOptions { get; init; }
}

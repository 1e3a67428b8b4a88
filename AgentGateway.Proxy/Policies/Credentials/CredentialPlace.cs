using AgentGateway.Cel;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies.Credentials;

/// <summary>Where a credential is found in a request or put into one; the compiled form of <see cref="AuthorizationLocation"/>.</summary>
internal sealed class CredentialPlace
{
    private CredentialPlace(HeaderLocation? header, string? queryParameter, string? cookie, CelProgram? expression)
    {
        Header = header;
        QueryParameter = queryParameter;
        Cookie = cookie;
        Expression = expression;
        ReadsBody = expression is not null && RequestExpressions.ReadsBody([expression]);
    }

    /// <summary><c>Authorization: Bearer</c>, the default nearly everywhere.</summary>
    public static CredentialPlace Bearer { get; } = new(new HeaderLocation("Authorization", "Bearer "), null, null, null);

    /// <summary><c>Authorization: Basic</c>, the default of <c>basicAuth</c>.</summary>
    public static CredentialPlace Basic { get; } = new(new HeaderLocation("Authorization", "Basic "), null, null, null);

    public HeaderLocation? Header { get; }

    public string? QueryParameter { get; }

    public string? Cookie { get; }

    /// <summary>Finds the credential; such a place can only be read.</summary>
    public CelProgram? Expression { get; }

    /// <summary>True when the credential is found in the body of the request, which then has to be kept before anybody looks for it.</summary>
    public bool ReadsBody { get; }

    /// <summary>Compiles a place.</summary>
    /// <exception cref="FormatException">Its expression does not compile.</exception>
    public static CredentialPlace From(AuthorizationLocation? location, CredentialPlace otherwise)
    {
        if (location is null)
        {
            return otherwise;
        }

        return new CredentialPlace(location.Header, location.QueryParameter, location.Cookie, location.Expression?.Program);
    }

    /// <summary>Compiles a place that a credential is put into.</summary>
    /// <exception cref="FormatException">It is an expression.</exception>
    public static CredentialPlace ForWriting(AuthorizationLocation? location)
    {
        var place = From(location, Bearer);
        return place.Expression is null ? place : throw new PolicyValueException("expression", "a credential cannot be put where an expression says; use header, queryParameter or cookie");
    }
}

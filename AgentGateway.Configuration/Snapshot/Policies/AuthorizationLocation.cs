using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Where a credential is found or put. Exactly one of the four is set.</summary>
public sealed record AuthorizationLocation
{
    private static readonly Shape<string> ParameterName = Shapes.Object("QueryParameterLocation", "A query parameter.", static r => r.RequiredText("name", "Name of the parameter.", "api_key"));

    private static readonly Shape<string> CookieName = Shapes.Object("CookieLocation", "A cookie.", static r => r.Required("name", HeaderShapes.Token, "Name of the cookie.", "session"));

    internal static Shape<AuthorizationLocation> Shape { get; } = Shapes.Object("AuthorizationLocation", "Where a credential is found or put.", static r =>
    {
        var location = new AuthorizationLocation
        {
            Header = r.Optional("header", HeaderLocation.Shape, "In a header.", "{name: x-api-key}"),
            QueryParameter = r.Optional("queryParameter", ParameterName, "In a query parameter.", "{name: api_key}"),
            Cookie = r.Optional("cookie", CookieName, "In a cookie.", "{name: session}"),
            Expression = r.Optional("expression", Expression.Shape, "Expression that finds it; cannot be used where a credential is put.", "request.headers[\"x-token\"]"),
        };
        r.ExactlyOne("header", "queryParameter", "cookie", "expression");
        return location;
    });

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
public sealed record HeaderLocation(string Name, string Prefix)
{
    internal static Shape<HeaderLocation> Shape { get; } = Shapes.Object("HeaderLocation", "A header.", static r => new HeaderLocation(
        r.Required("name", HeaderShapes.Name, "Header name.", "x-api-key"),
        r.Value("prefix", HeaderShapes.Value, "", "What stands before the credential; compared without case for `Bearer `.", "\"\"", "\"Bearer \"")));
}

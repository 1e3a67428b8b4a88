using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Policies;

/// <summary>Places of credentials.</summary>
internal static class CredentialShapes
{
    private static readonly Shape<CredentialLocation> Header = Shapes.Object("HeaderLocation", "A header.", static r => (CredentialLocation)new HeaderCredentialLocation(
        r.Required("name", HeaderShapes.Token, "Header name.", "x-api-key"),
        r.Value("prefix", HeaderShapes.Value, "", "What stands before the credential; compared without case.", "\"\"", "\"Bearer \"")));

    private static readonly Shape<CredentialLocation> Query = Shapes.Object("QueryParameterLocation", "A query parameter.", static r =>
        (CredentialLocation)new QueryCredentialLocation(r.RequiredText("name", "Name of the parameter.", "api_key")));

    private static readonly Shape<CredentialLocation> Cookie = Shapes.Object("CookieLocation", "A cookie.", static r =>
        (CredentialLocation)new CookieCredentialLocation(r.Required("name", HeaderShapes.Token, "Name of the cookie.", "session")));

    public static Shape<CredentialLocation> Location { get; } = Shapes.Object("AuthorizationLocation", "Where a credential is found or put; exactly one.", static r =>
    {
        var header = r.Optional("header", Header, "In a header.", "{name: x-api-key}");
        var query = r.Optional("queryParameter", Query, "In a query parameter.", "{name: api_key}");
        var cookie = r.Optional("cookie", Cookie, "In a cookie.", "{name: session}");
        var expression = r.Optional("expression", Expression.Shape, "Expression that finds it; cannot be used where a credential is put.", "request.headers[\"x-token\"]");
        r.ExactlyOne("header", "queryParameter", "cookie", "expression");
        return header ?? query ?? cookie ?? (expression is null ? CredentialLocation.Bearer : new ExpressionCredentialLocation(expression));
    });
}

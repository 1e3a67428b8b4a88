using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>Shapes of listeners and routes that become snapshot records as they are.</summary>
internal static class TrafficShapes
{
    /// <summary>A host name that requests are compared with.</summary>
    public static Shape<string> Hostname { get; } = Shapes.TextWith("hostname", "example.com", static (text, _) => CheckHostname(text));

    /// <summary>A regular expression that must cover the whole value; it runs in linear time.</summary>
    public static Shape<string> Pattern { get; } = Shapes.TextWith("regular expression", "\"^/v[0-9]+/\"", static (text, _) => PatternCheck.Problem(text));

    public static Shape<string> HeaderName { get; } = Shapes.TextWith("header name", "x-user", static (text, _) => CheckHeaderName(text));

    private static Shape<string> AbsolutePath { get; } = Shapes.TextWith("path", "/users", static (text, _) =>
        text.StartsWith('/') ? null : "a path starts with `/`");

    private static readonly Shape<ValueMatchSnapshot> ValueMatch = Shapes.Object("ValueMatch", "A condition on a header or query value.", static r =>
    {
        var exact = r.Optional("exact", Shapes.Text, "Equal to the value.", "\"1\"");
        var regex = r.Optional("regex", Pattern, "Regular expression over the whole value.");
        r.ExactlyOne("exact", "regex");
        return regex is null ? new ValueMatchSnapshot(ValueMatchKind.Exact, exact ?? "") : new ValueMatchSnapshot(ValueMatchKind.Regex, regex);
    });

    private static readonly Shape<PathMatchSnapshot> PathMatch = Shapes.Object("PathMatch", "A condition on the request path.", static r =>
    {
        var exact = r.Optional("exact", AbsolutePath, "Equal to the path.", "/users");
        var prefix = r.Optional("pathPrefix", AbsolutePath, "Whole path segments at the start.", "/users");
        var regex = r.Optional("regex", Pattern, "Regular expression over the whole path.");
        r.ExactlyOne("exact", "pathPrefix", "regex");
        return exact is not null ? new PathMatchSnapshot(PathMatchKind.Exact, exact)
            : regex is not null ? new PathMatchSnapshot(PathMatchKind.Regex, regex)
            : new PathMatchSnapshot(PathMatchKind.Prefix, prefix ?? "/");
    });

    public static Shape<HeaderMatchSnapshot> HeaderMatch { get; } = Shapes.Object("HeaderMatch", "A condition on a request header.", static r =>
        new HeaderMatchSnapshot(
            r.Required("name", HeaderName, "Header name, or `:method`, `:path`, `:authority`, `:scheme`."),
            r.Required("value", ValueMatch, "Condition that one of the header's values must meet.")));

    private static readonly Shape<QueryMatchSnapshot> QueryMatch = Shapes.Object("QueryMatch", "A condition on a query parameter.", static r =>
        new QueryMatchSnapshot(
            r.Required("name", Shapes.NonEmptyText, "Parameter name.", "page"),
            r.Required("value", ValueMatch, "Condition on its last value.")));

    private static readonly Shape<string> Method = Shapes.TextWith("method", "GET", static (text, _) =>
        text.Length is 0 or > 64 || !IsToken(text) ? "write an HTTP method such as GET" : null);

    public static Shape<RouteMatchSnapshot> Match { get; } = Shapes.Object("RouteMatch", "Conditions that must all hold.", static r => new RouteMatchSnapshot
    {
        Path = r.Value("path", PathMatch, RouteMatchSnapshot.Any.Path, "Condition on the path.", "{pathPrefix: /}"),
        Method = r.Optional("method", Method, "HTTP method."),
        Headers = r.List("headers", HeaderMatch, "Conditions on headers, all of which must hold."),
        Query = r.List("query", QueryMatch, "Conditions on query parameters, all of which must hold."),
    });

    /// <summary>True when the text is an HTTP token.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) =>
        !text.IsEmpty && !text.ContainsAnyExcept(CharacterSets.Token);

    /// <summary>What is wrong with a header name, or null.</summary>
    public static string? CheckHeaderName(string text) =>
        IsToken(text) || text is ":method" or ":path" or ":authority" or ":scheme" or ":status" ? null : "not an HTTP header name";

    private static string? CheckHostname(string text)
    {
        if (text.Length == 0 || text == "*")
        {
            return null;
        }

        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        if (name.Contains('*'))
        {
            return "`*` may stand only for the first labels, as in `*.example.com`";
        }

        return name.Length is 0 or > 253 || name.ContainsAnyExcept(CharacterSets.HostPattern)
            ? "write a DNS name without port, or `*.suffix`"
            : null;
    }
}

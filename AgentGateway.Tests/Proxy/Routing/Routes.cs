using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Tests.Proxy.Routing;

/// <summary>Shorthand for routes, whose keys are what a match leads to, and for requests.</summary>
internal static class Routes
{
    public static PathMatchSnapshot Prefix(string path) => new(PathMatchKind.Prefix, path);

    public static PathMatchSnapshot Exact(string path) => new(PathMatchKind.Exact, path);

    public static PathMatchSnapshot Regex(string pattern) => new(PathMatchKind.Regex, pattern);

    public static HeaderMatchSnapshot Header(string name, string value) => new(name, new ValueMatchSnapshot(ValueMatchKind.Exact, value));

    public static HeaderMatchSnapshot HeaderRegex(string name, string pattern) => new(name, new ValueMatchSnapshot(ValueMatchKind.Regex, pattern));

    public static QueryMatchSnapshot Query(string name, string value) => new(name, new ValueMatchSnapshot(ValueMatchKind.Exact, value));

    public static QueryMatchSnapshot QueryRegex(string name, string pattern) => new(name, new ValueMatchSnapshot(ValueMatchKind.Regex, pattern));

    public static RouteSnapshot Route(string key, params RouteMatchSnapshot[] matches) =>
        new() { Key = key, Name = "default/" + key, Matches = matches.Length == 0 ? [RouteMatchSnapshot.Any] : [.. matches] };

    public static RouteSnapshot Route(string key, PathMatchSnapshot path) => Route(key, new RouteMatchSnapshot { Path = path });

    public static RouteIndex<string> Index(params RouteSnapshot[] routes) => new(routes.Select(route => (route, route.Key)));

    /// <summary>Key of the route that answers, or null.</summary>
    public static string? Match(this RouteIndex<string> index, string target, string host = "example.com", string method = "GET", IHeaderDictionary? headers = null)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return index.Find(new RouteQuestion
        {
            HostName = RequestHost.NameOf(host),
            Path = query < 0 ? target : target.AsSpan(0, query),
            Query = query < 0 ? default : target.AsSpan(query),
            Target = target,
            Method = method,
            Authority = host,
            Scheme = "http",
            Headers = headers ?? new HeaderDictionary(),
        })?.Route;
    }
}

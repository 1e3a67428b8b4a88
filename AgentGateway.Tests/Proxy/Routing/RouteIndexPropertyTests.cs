using AgentGateway.Configuration.Snapshot;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Xunit;
using static AgentGateway.Tests.Proxy.Routing.Routes;

namespace AgentGateway.Tests.Proxy.Routing;

/// <summary>The index answers as a plain reading of the rules does: sort everything, take the first that matches.</summary>
public sealed class RouteIndexPropertyTests
{
    private static readonly Gen<string> Segment = Of("a", "b", "ab", "c%20d");
    private static readonly Gen<string> Path = Segment.Array[0, 3].Select(segments => "/" + string.Join('/', segments));
    private static readonly Gen<string> Host = Of("a.com", "b.a.com", "c.b.a.com", "x.com", "A.COM", "b.a.com.");
    private static readonly Gen<string> HostPattern = Of("*", "a.com", "*.a.com", "*.b.a.com", "b.a.com", "*.com", "x.com");
    private static readonly Gen<string> Method = Of("GET", "POST");

    private static readonly Gen<PathMatchSnapshot> PathMatch = Gen.OneOf(
        Path.Select(Exact),
        Gen.Select(Path, Of("", "/"), (path, end) => Prefix(path == "/" ? path : path + end)),
        Of("/a.*", "/[ab]+", ".*", "/a|/ab", "/a/b").Select(Regex));

    private static readonly Gen<RouteMatchSnapshot> RouteMatch = Gen.Select(
        PathMatch,
        Gen.OneOf(Gen.Const(default(string)), Gen.OneOf(Gen.Const(default(string)), Method.Select(m => (string?)m))),
        Of("1", "2").Select(value => Header("h", value)).Array[0, 2],
        Of("1", "2").Select(value => Query("q", value)).Array[0, 2],
        (path, method, headers, query) => new RouteMatchSnapshot { Path = path, Method = method, Headers = [.. headers], Query = [.. query] });

    private static readonly Gen<RouteSnapshot[]> RouteList = Gen.Select(HostPattern.Array[0, 2], RouteMatch.Array[1, 2]).Array[1, 12].Select(
        routes => routes.Select((route, i) => Route($"route{i}", route.Item2) with { Hostnames = [.. route.Item1] }).ToArray());

    [Fact]
    public void Find_AnyRoutesAndRequest_AgreesWithThePlainReadingOfTheRules() =>
        Gen.Select(RouteList, Host, Path, Method, Of("", "1", "2").Array[0, 2], Of("", "?q=1", "?q=2", "?q=1&q=2"))
            .Sample(
                (routes, host, path, method, header, query) =>
                {
                    var headers = new HeaderDictionary();
                    if (header.Length > 0)
                    {
                        headers["h"] = header;
                    }

                    var request = new Request(host, path, method, header, query);
                    return Index(routes).Match(path + query, host, method, headers) == PlainReading(routes, request);
                },
                iter: 2_000);

    private static Gen<T> Of<T>(params T[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static string? PlainReading(RouteSnapshot[] routes, Request request) =>
        (from route in routes
         from hostname in route.Hostnames.DefaultIfEmpty("*")
         from match in route.Matches
         where HostMatches(hostname, request.Host) && Matches(match, request)
         orderby HostRank(hostname) descending,
             match.Path.Kind,
             Length(match.Path) descending,
             match.Method is null,
             match.Headers.Length descending,
             match.Query.Length descending
         select route.Key)
        .ToList() is { Count: > 0 } sorted ? First(routes, request, sorted) : null;

    // The sort above is stable by position; ties go by key, which for these names is not the position ("route10" before "route2").
    private static string First(RouteSnapshot[] routes, Request request, List<string> sorted)
    {
        var best = Rank(routes, request, sorted[0]);
        return sorted.Where(key => Rank(routes, request, key).Equals(best)).Order(StringComparer.Ordinal).First();
    }

    private static (int, PathMatchKind, int, bool, int, int) Rank(RouteSnapshot[] routes, Request request, string key)
    {
        var route = routes.Single(candidate => candidate.Key == key);
        return (from hostname in route.Hostnames.DefaultIfEmpty("*")
                from match in route.Matches
                where HostMatches(hostname, request.Host) && Matches(match, request)
                orderby HostRank(hostname) descending,
                    match.Path.Kind,
                    Length(match.Path) descending,
                    match.Method is null,
                    match.Headers.Length descending,
                    match.Query.Length descending
                select (HostRank(hostname), match.Path.Kind, Length(match.Path), match.Method is null, match.Headers.Length, match.Query.Length)).First();
    }

    private static int Length(PathMatchSnapshot path) => path.Kind == PathMatchKind.Prefix ? path.Value.TrimEnd('/').Length : path.Value.Length;

    private static int HostRank(string hostname) => hostname == "*" ? 0 : hostname[0] == '*' ? hostname.Length : int.MaxValue;

    private static bool HostMatches(string hostname, string host)
    {
        host = host.TrimEnd('.');
        return hostname == "*"
            || (hostname[0] == '*' ? host.EndsWith(hostname[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(hostname, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Matches(RouteMatchSnapshot match, Request request) =>
        (match.Method is null || match.Method == request.Method)
        && match.Headers.All(header => request.Header.Contains(header.Value.Value))
        && match.Query.All(query => request.Query.EndsWith("q=" + query.Value.Value, StringComparison.Ordinal))
        && match.Path.Kind switch
        {
            PathMatchKind.Exact => request.Path == match.Path.Value,
            PathMatchKind.Prefix => request.Path == match.Path.Value.TrimEnd('/')
                || request.Path.StartsWith(match.Path.Value.TrimEnd('/') + "/", StringComparison.Ordinal),
            _ => System.Text.RegularExpressions.Regex.Match(request.Path, match.Path.Value).Value == request.Path,
        };

    private sealed record Request(string Host, string Path, string Method, string[] Header, string Query);
}

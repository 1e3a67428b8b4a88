using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Routing;

/// <summary>One match of one route, compiled.</summary>
/// <typeparam name="TRoute">What a match leads to.</typeparam>
internal sealed class RouteEntry<TRoute> : IComparable<RouteEntry<TRoute>>
    where TRoute : class
{
    private readonly string? _method;
    private readonly HeaderCondition[] _headers;
    private readonly QueryCondition[] _query;
    private readonly WholeRegex? _pathRegex;
    private readonly string _key;

    public RouteEntry(RouteMatchSnapshot match, string routeKey, TRoute route)
    {
        Path = match.Path;
        Route = route;
        _key = routeKey;
        _method = match.Method;
        _headers = new HeaderCondition[match.Headers.Length];
        for (var i = 0; i < _headers.Length; i++)
        {
            _headers[i] = new HeaderCondition(match.Headers[i]);
        }

        _query = new QueryCondition[match.Query.Length];
        for (var i = 0; i < _query.Length; i++)
        {
            _query[i] = new QueryCondition(match.Query[i]);
        }

        var path = match.Path.Value;
        switch (match.Path.Kind)
        {
            case PathMatchKind.Prefix:
                IndexPath = path.TrimEnd('/');
                PathPattern = IndexPath + "/*";
                break;
            case PathMatchKind.Regex:
                _pathRegex = new WholeRegex(path);
                IndexPath = path;
                PathPattern = path;
                break;
            default:
                IndexPath = path;
                PathPattern = path;
                break;
        }
    }

    public TRoute Route { get; }

    public PathMatchSnapshot Path { get; }

    /// <summary>The path that an index finds the entry by: a prefix has no slash at its end.</summary>
    public string IndexPath { get; }

    /// <summary>Form of the path condition that names the request's span.</summary>
    public string PathPattern { get; }

    /// <summary>Compares the path of a regular expression; other kinds are compared by the index.</summary>
    public bool MatchesPathRegex(ReadOnlySpan<char> path) => _pathRegex!.Matches(path);

    /// <summary>Checks everything but the path.</summary>
    public bool MatchesRest(in RouteQuestion request)
    {
        if (_method is not null && !string.Equals(_method, request.Method, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var header in _headers)
        {
            if (!header.Matches(request))
            {
                return false;
            }
        }

        foreach (var query in _query)
        {
            if (!query.Matches(request.Query))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Precedence within one host name, higher first: exact, prefix, regex; longer path; method; more headers; more query; key.</summary>
    public int CompareTo(RouteEntry<TRoute>? other)
    {
        if (other is null)
        {
            return -1;
        }

        var order = Path.Kind.CompareTo(other.Path.Kind);
        if (order == 0)
        {
            order = other.IndexPath.Length.CompareTo(IndexPath.Length);
        }

        if (order == 0)
        {
            order = (other._method is not null).CompareTo(_method is not null);
        }

        if (order == 0)
        {
            order = other._headers.Length.CompareTo(_headers.Length);
        }

        if (order == 0)
        {
            order = other._query.Length.CompareTo(_query.Length);
        }

        return order == 0 ? string.CompareOrdinal(_key, other._key) : order;
    }
}

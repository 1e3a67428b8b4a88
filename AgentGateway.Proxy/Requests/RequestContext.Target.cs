using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Requests;

// What is asked for and of whom, as the request stands now: policies rewrite it, routes match on it, upstreams receive it.
internal sealed partial class RequestContext
{
    private string _target = "/";
    private string _originalTarget = "/";
    private string _authority = "";
    private int _pathLength;

    /// <summary>Path and query in origin form, percent-encoding as the client sent it; <c>*</c> for <c>OPTIONS *</c>, <c>/</c> for CONNECT.</summary>
    public string Target
    {
        get => _target;
        set
        {
            _target = value;
            var query = value.AsSpan().IndexOf('?');
            _pathLength = query < 0 ? value.Length : query;
        }
    }

    /// <summary>The path alone, neither decoded nor normalised.</summary>
    public ReadOnlySpan<char> Path => _target.AsSpan(0, _pathLength);

    /// <summary>The query with its <c>?</c>, or empty.</summary>
    public ReadOnlySpan<char> Query => _target.AsSpan(_pathLength);

    /// <summary>Host with an optional port: from the request target in absolute or authority form, else from <c>Host</c> or <c>:authority</c>.</summary>
    public string Authority
    {
        get => _authority;
        set
        {
            _authority = value;
            _http.Request.Headers.Host = value;
        }
    }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme
    {
        get => _http.Request.Scheme;
        set => _http.Request.Scheme = value;
    }

    /// <summary>True when a policy said which authority the upstream sees: it is not replaced by the upstream's own name.</summary>
    public bool KeepAuthority { get; set; }

    /// <summary>The target as the client sent it, before any rewrite.</summary>
    public string OriginalTarget => _originalTarget;

    /// <summary>True when the client sent HEAD, whatever policies make of the method: its response has no body.</summary>
    public bool ClientAskedForHead { get; private set; }

    /// <summary>The authority as the client sent it, before any rewrite.</summary>
    public string OriginalAuthority { get; private set; } = "";

    /// <summary>Host name without port, brackets or trailing dot.</summary>
    public ReadOnlySpan<char> HostName => Routing.RequestHost.NameOf(_authority);

    private void ReadTarget(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var raw = request.RawTarget;
        _authority = request.Headers.Host.ToString();
        KeepAuthority = false;
        ClientAskedForHead = request.Method == "HEAD";
        if (raw.Length > 0 && raw[0] == '/')
        {
            Target = raw;
        }
        else if (request.Method == "CONNECT")
        {
            _authority = raw;
            Target = "/";
        }
        else
        {
            ReadAbsoluteTarget(raw);
        }

        _originalTarget = _target;
        OriginalAuthority = _authority;
    }

    // Absolute form (RFC 9112, 3.2.2): its authority counts and Host is ignored. What remains is `*`.
    private void ReadAbsoluteTarget(string raw)
    {
        var scheme = raw.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            Target = raw.Length == 0 ? "/" : raw;
            return;
        }

        var rest = raw.AsSpan(scheme + 3);
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        var userInfo = authority.LastIndexOf('@');
        Authority = authority[(userInfo + 1)..].ToString();
        Target = end < 0 ? "/" : rest[end] == '/' ? rest[end..].ToString() : string.Concat("/", rest[end..]);
    }
}

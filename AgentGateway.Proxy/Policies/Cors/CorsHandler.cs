using System.Globalization;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AgentGateway.Proxy.Policies.Cors;

/// <summary>
/// Policy <c>cors</c> (config-mcp 3.4). Answers preflight requests before anything asks for credentials, and owes the headers of allowed origins to
/// every response, errors included, so that scripts can read them.
/// </summary>
internal sealed class CorsHandler : IRequestPolicy
{
    private const string Any = "*";

    private readonly OriginPattern[] _origins;
    private readonly bool _anyOrigin;
    private readonly bool _credentials;
    private readonly FieldList _methods;
    private readonly FieldList _headers;
    private readonly string? _exposed;
    private readonly string? _maxAge;

    public CorsHandler(CorsPolicy settings)
    {
        _anyOrigin = settings.AllowOrigins.Contains(Any);
        _origins = [.. settings.AllowOrigins.Where(origin => origin != Any).Select(origin => new OriginPattern(origin))];
        _credentials = settings.AllowCredentials;
        _methods = new FieldList(settings.AllowMethods, _credentials);
        _headers = new FieldList(settings.AllowHeaders, _credentials);
        _exposed = settings.ExposeHeaders.IsEmpty ? null : string.Join(',', settings.ExposeHeaders.AsSpan());
        _maxAge = settings.MaxAge is { } age ? ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
    }

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        var request = context.Http.Request;
        var origins = request.Headers.Origin;
        if (origins.Count == 0)
        {
            return default;
        }

        // Several Origin headers are no origin at all, and neither is what could not be repeated in a header.
        var origin = origins.Count == 1 && ExpressionText.IsHeaderSafe(origins) ? origins[0] : null;
        var isAllowed = !string.IsNullOrEmpty(origin) && IsAllowed(origin);
        if (HttpMethods.IsOptions(request.Method))
        {
            if (isAllowed)
            {
                return new(Preflight(request.Headers, origin!));
            }

            return request.Headers.AccessControlRequestMethod.Count > 0 ? new(NoContentAllowed) : default;
        }

        if (isAllowed)
        {
            context.Owe(HeaderNames.AccessControlAllowOrigin, origin);
            context.Owe(HeaderNames.Vary, HeaderNames.Origin);
            if (_credentials)
            {
                context.Owe(HeaderNames.AccessControlAllowCredentials, "true");
            }

            if (_exposed is not null)
            {
                context.Owe(HeaderNames.AccessControlExposeHeaders, _exposed);
            }
        }

        return default;
    }

    private static GatewayReply NoContentAllowed { get; } = new() { Status = 200, Reason = ResponseReason.DirectResponse, ContentType = null };

    private bool IsAllowed(string origin)
    {
        if (_anyOrigin)
        {
            return true;
        }

        foreach (var pattern in _origins)
        {
            if (pattern.Matches(origin))
            {
                return true;
            }
        }

        return false;
    }

    private GatewayReply Preflight(IHeaderDictionary request, string origin)
    {
        var headers = new List<KeyValuePair<string, StringValues>>(7)
        {
            new(HeaderNames.AccessControlAllowOrigin, origin),
            new(HeaderNames.Vary, HeaderNames.Origin),
        };
        Add(headers, HeaderNames.AccessControlAllowMethods, _methods.Answer(request.AccessControlRequestMethod));
        Add(headers, HeaderNames.AccessControlAllowHeaders, _headers.Answer(request.AccessControlRequestHeaders));
        Add(headers, HeaderNames.AccessControlMaxAge, _maxAge);
        Add(headers, HeaderNames.AccessControlAllowCredentials, _credentials ? "true" : null);
        Add(headers, HeaderNames.AccessControlExposeHeaders, _exposed);
        return new GatewayReply { Status = 200, Reason = ResponseReason.DirectResponse, ContentType = null, Headers = headers };
    }

    private static void Add(List<KeyValuePair<string, StringValues>> headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.Add(new(name, value));
        }
    }

    /// <summary>Allowed methods or headers: a list, or all.</summary>
    private readonly struct FieldList
    {
        private readonly string? _joined;
        private readonly bool _any;
        private readonly bool _credentials;

        public FieldList(EquatableArray<string> values, bool credentials)
        {
            _any = values.Contains(Any);
            _joined = values.IsEmpty ? null : string.Join(',', values.AsSpan());
            _credentials = credentials;
        }

        // `*` echoes what is asked for; without a question it is `*`, which is not valid with credentials (Fetch standard).
        public string? Answer(StringValues asked)
        {
            if (!_any)
            {
                return _joined;
            }

            var text = string.Join(", ", asked.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            return text.Length > 0 && ExpressionText.IsHeaderSafe(text) ? text : _credentials ? null : Any;
        }
    }
}

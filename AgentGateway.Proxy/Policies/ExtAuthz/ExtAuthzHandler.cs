using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ExtAuthzSettings = AgentGateway.Configuration.Snapshot.Policies.ExtAuthz;

namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>Policy <c>extAuthz</c> (specification config-mcp 3.7): asks a service whether a request may pass. Acts in all three phases.</summary>
internal sealed partial class ExtAuthzHandler : IRequestPolicy, IBackendPolicy
{
    public const string Refused = "external authorization failed";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly GatewayReply BodyTooLarge = GatewayReply.Failure(413, ResponseReason.ExtAuth, "request body too large");

    private readonly IAuthzService _service;
    private readonly ExtAuthzFailureMode _failureMode;
    private readonly ExtAuthzBody? _body;
    private readonly CelProgram[] _cacheKey = [];
    private readonly CelProgram? _cacheLife;
    private readonly AuthzCache? _cache;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CalloutTarget _target;
    private readonly bool _keepsBody;

    /// <exception cref="FormatException">The settings cannot be used.</exception>
    public ExtAuthzHandler(ExtAuthzSettings policy, PolicyScope scope)
    {
        _time = scope.Services.Time;
        _logger = scope.Services.Logging.CreateLogger("agentgateway::extauthz");
        _target = new CalloutTarget(policy.Target, policy.Policies, "extAuthz", scope.Services);
        _failureMode = policy.FailureMode ?? new ExtAuthzFailureMode(false, 403);
        _body = policy.IncludeRequestBody is { MaxRequestBytes: > 0 } body ? body : null;
        _service = policy.Protocol?.Http is not null
            ? new HttpAuthzService(_target, policy, scope.Services.Callouts)
            : new GrpcAuthzService(_target, policy, _time);
        var expressions = new List<CelProgram>(_service.Expressions);
        if (policy.Cache is { } cache)
        {
            _cacheKey = new CelProgram[cache.Key.Length];
            for (var i = 0; i < _cacheKey.Length; i++)
            {
                _cacheKey[i] = RequestExpressions.Compile(cache.Key[i]);
            }

            _cacheLife = RequestExpressions.Compile(cache.Ttl);
            _cache = _cacheKey.Length > 0 ? new AuthzCache(cache.MaxEntries, _time) : null;
            expressions.AddRange(_cacheKey);
            expressions.Add(_cacheLife);
        }

        _keepsBody = RequestExpressions.ReadsBody(expressions);
    }

    public bool ReadsRequestBody => _keepsBody || _body is not null;

    public async ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        var (decision, reply) = await DecideAsync(context);
        if (decision is null)
        {
            return reply;
        }

        var headers = context.Http.Request.Headers;
        Change(decision, headers, host =>
        {
            // As for a header modifier: the upstream's own name does not replace what was said.
            context.Authority = host;
            context.KeepAuthority = true;
        });
        foreach (var (name, value) in decision.Query)
        {
            context.Target = value is null ? QueryText.Remove(context.Target, name) : QueryText.Set(context.Target, name, value);
        }

        return null;
    }

    public async ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        var (decision, reply) = await DecideAsync(context);
        if (decision is null)
        {
            return reply;
        }

        attempt.Headers = UpstreamRequests.CopyOf(attempt.Headers);
        Change(decision, attempt.Headers, host => attempt.Host = host);
        foreach (var (name, value) in decision.Query)
        {
            attempt.Target = value is null ? QueryText.Remove(attempt.Target, name) : QueryText.Set(attempt.Target, name, value);
        }

        return null;
    }

    private async ValueTask<(AuthzDecision? Passing, GatewayReply? Reply)> DecideAsync(RequestContext context)
    {
        if (_keepsBody)
        {
            await context.KeepBodyAsync();
        }

        var key = CacheKey(context);
        var decision = key is null ? null : _cache!.Find(key);
        var isFresh = decision is null;
        if (decision is null)
        {
            ReadOnlyMemory<byte>? body = null;
            if (_body is not null)
            {
                var (bytes, isWhole) = await BodyPeek.ReadAsync(context, _body.MaxRequestBytes);
                if (!isWhole && !_body.AllowPartialMessage)
                {
                    return (null, BodyTooLarge);
                }

                body = bytes;
            }

            try
            {
                using var timeout = new CancellationTokenSource(_target.TimeoutFor(context) ?? Timeout, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.Aborted);
                decision = await _service.CheckAsync(context, body, either.Token);
            }
            catch (Exception error) when (error is CalloutException || (error is OperationCanceledException && !context.Aborted.IsCancellationRequested))
            {
                LogFailed(_target.ToString(), error is CalloutException ? error.Message : "no answer in time");
                return _failureMode.Allow ? (AuthzDecision.Pass, null) : (null, GatewayReply.Failure(_failureMode.Status, ResponseReason.ExtAuth, Refused));
            }
        }

        if (!decision.Metadata.IsEmpty)
        {
            context.Record.ExtAuthzMetadata = decision.Metadata;
        }

        foreach (var (name, value, mode) in decision.ResponseHeaders)
        {
            context.Owe(name, value, besideOthers: mode == HeaderChangeMode.Append);
        }

        if (isFresh && key is not null && decision.IsCacheable && CacheUntil(context) is { } until)
        {
            _cache!.Add(key, decision, until);
        }

        return decision.Refusal is { } refusal ? (null, refusal) : (decision, null);
    }

    private static void Change(AuthzDecision decision, IHeaderDictionary headers, Action<string> setHost)
    {
        foreach (var name in decision.RemovedHeaders)
        {
            if (!AuthzHeaders.IsFraming(name) && !name.Equals("host", StringComparison.OrdinalIgnoreCase))
            {
                headers.Remove(name);
            }
        }

        foreach (var (name, value, mode) in decision.RequestHeaders)
        {
            if (name is ":authority" || name.Equals("host", StringComparison.OrdinalIgnoreCase))
            {
                setHost(value);
            }
            else if (name[0] != ':')
            {
                headers[name] = mode switch
                {
                    HeaderChangeMode.Append => Microsoft.Extensions.Primitives.StringValues.Concat(headers[name], value),
                    HeaderChangeMode.AddIfAbsent when headers.ContainsKey(name) => headers[name],
                    HeaderChangeMode.SetIfPresent when !headers.ContainsKey(name) => default,
                    _ => value,
                };
            }
        }
    }

    // Null when some part of the key has no value: such requests are not cached.
    private string? CacheKey(RequestContext context)
    {
        if (_cache is null)
        {
            return null;
        }

        var key = new StringBuilder();
        foreach (var program in _cacheKey)
        {
            var value = RequestExpressions.Evaluate(program, context);
            if (value.IsError || value.IsNull)
            {
                return null;
            }

            var text = value.Kind == CelKind.String ? value.AsString() : value.ToJson();
            key.Append(text.Length).Append(':').Append(text);
        }

        // What is kept is a digest: keys are made of credentials.
        return Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())));
    }

    // A duration counts from now, a timestamp is the end; of numbers, small ones are seconds from now and large ones seconds of the epoch.
    private DateTimeOffset? CacheUntil(RequestContext context)
    {
        const double earliestEpoch = 1_000_000_000;
        const double latestEpoch = 100_000_000_000;
        var value = RequestExpressions.Evaluate(_cacheLife!, context);
        var now = _time.GetUtcNow();
        switch (value.Kind)
        {
            case CelKind.Duration:
                var life = value.AsDuration();
                return life > TimeSpan.FromDays(365) ? now + TimeSpan.FromDays(365) : now + life;
            case CelKind.Timestamp:
                return value.AsTimestamp();
            default:
                return value.TryGetNumber(out var number) && number is > 0 and < latestEpoch
                    ? number >= earliestEpoch ? DateTimeOffset.UnixEpoch.AddSeconds(number) : now.AddSeconds(number)
                    : null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "authorization service {Service} failed: {Problem}")]
    private partial void LogFailed(string service, string problem);
}

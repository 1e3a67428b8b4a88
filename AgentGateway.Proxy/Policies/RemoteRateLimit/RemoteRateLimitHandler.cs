using AgentGateway.Cel;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging;
using RemoteRateLimitSettings = AgentGateway.Configuration.Snapshot.Policies.RemoteRateLimit;

namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>
/// Policy <c>remoteRateLimit</c>: counts requests where all replicas do. A descriptor of which an expression fails is left out; a request without
/// descriptors passes uncounted.
/// </summary>
internal sealed partial class RemoteRateLimitHandler : IRequestPolicy
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly ISharedLimiter _limiter;
    private readonly DescriptorTemplate[] _descriptors;
    private readonly bool _keepsBody;
    private readonly FailureMode _failureMode;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <exception cref="FormatException">The settings cannot be used.</exception>
    /// <exception cref="NotSupportedException">They ask for what is not there yet.</exception>
    public RemoteRateLimitHandler(RemoteRateLimitSettings policy, PolicyScope scope)
        : this(policy, CreateLimiter(policy, scope), scope)
    {
    }

    public RemoteRateLimitHandler(RemoteRateLimitSettings policy, ISharedLimiter limiter, PolicyScope scope)
    {
        _limiter = limiter;
        _failureMode = policy.FailureMode;
        _time = scope.Services.Time;
        _logger = scope.Services.Logging.CreateLogger("agentgateway::ratelimit");
        _descriptors = new DescriptorTemplate[policy.Descriptors.Length];
        for (var i = 0; i < _descriptors.Length; i++)
        {
            if (policy.Descriptors[i].Type == RateLimitType.Tokens)
            {
                throw new NotSupportedException("remoteRateLimit: descriptors of type tokens are not supported");
            }

            _descriptors[i] = new DescriptorTemplate(policy.Descriptors[i]);
            _keepsBody |= _descriptors[i].ReadsBody;
        }
    }

    public async ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        if (_keepsBody)
        {
            await context.KeepBodyAsync();
        }

        var descriptors = new List<LimitDescriptor>(_descriptors.Length);
        foreach (var template in _descriptors)
        {
            if (template.Evaluate(context) is { } descriptor)
            {
                descriptors.Add(descriptor);
            }
        }

        if (descriptors.Count == 0)
        {
            return null;
        }

        LimitDecision decision;
        try
        {
            using var timeout = new CancellationTokenSource(_limiter.TimeoutFor(context) ?? Timeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.Aborted);
            decision = await _limiter.CountAsync(context, descriptors, either.Token);
        }
        catch (Exception error) when (error is CalloutException || (error is OperationCanceledException && !context.Aborted.IsCancellationRequested))
        {
            LogFailed(_limiter.Place, error is CalloutException ? error.Message : "no answer in time");
            return _failureMode == FailureMode.FailOpen ? null : GatewayReply.Failure(500, ResponseReason.RateLimit, "rate limit failed");
        }

        foreach (var (name, values) in decision.ResponseHeaders)
        {
            context.Owe(name, values);
        }

        if (!decision.IsAllowed)
        {
            const string message = "rate limit exceeded";
            return new GatewayReply
            {
                Status = 429,
                Reason = ResponseReason.RateLimit,
                Error = message,
                Body = decision.Body.IsEmpty ? "rate limit exceeded"u8.ToArray() : decision.Body,
            };
        }

        foreach (var (name, value) in decision.RequestHeaders)
        {
            context.Http.Request.Headers[name] = value;
        }

        return null;
    }

    private static ISharedLimiter CreateLimiter(RemoteRateLimitSettings policy, PolicyScope scope) => policy.Target.Redis is { } redis
        ? new RedisLimiter(scope.Services.Redis.Get(redis.Url.Reveal()), policy.Domain, (ulong)redis.Requests, redis.Interval)
        : new RateLimitService(new CalloutTarget(policy.Target.Service!, policy.Policies, "remoteRateLimit", scope.Services), policy.Domain);

    [LoggerMessage(Level = LogLevel.Warning, Message = "shared rate limit of {Service} failed: {Problem}")]
    private partial void LogFailed(string service, string problem);

    private sealed class DescriptorTemplate
    {
        private readonly KeyValuePair<string, CelProgram>[] _entries;
        private readonly CelProgram? _cost;
        private readonly CelProgram? _override;

        public DescriptorTemplate(RateLimitDescriptor settings)
        {
            _entries = new KeyValuePair<string, CelProgram>[settings.Entries.Length];
            for (var i = 0; i < _entries.Length; i++)
            {
                _entries[i] = new(settings.Entries[i].Key, RequestExpressions.Compile(settings.Entries[i].Value));
            }

            _cost = settings.Cost is { } cost ? RequestExpressions.Compile(cost) : null;
            _override = settings.LimitOverride is { } limit ? RequestExpressions.Compile(limit) : null;
        }

        public bool ReadsBody => RequestExpressions.ReadsBody(
            [.. Array.ConvertAll(_entries, static entry => entry.Value), .. _cost is null ? [] : (CelProgram[])[_cost], .. _override is null ? [] : (CelProgram[])[_override]]);

        public LimitDescriptor? Evaluate(RequestContext context)
        {
            var entries = new KeyValuePair<string, string>[_entries.Length];
            for (var i = 0; i < entries.Length; i++)
            {
                if (RequestExpressions.EvaluateText(_entries[i].Value, context) is not { } value)
                {
                    return null;
                }

                entries[i] = new(_entries[i].Key, value);
            }

            var cost = 1UL;
            if (_cost is not null)
            {
                if (!RequestExpressions.Evaluate(_cost, context).TryGetNumber(out var number) || number is not (>= 0 and <= uint.MaxValue))
                {
                    return null;
                }

                cost = (ulong)number;
            }

            if (_override is null)
            {
                return new LimitDescriptor(entries, cost, null);
            }

            return ReadOverride(RequestExpressions.Evaluate(_override, context)) is { } limit ? new LimitDescriptor(entries, cost, limit) : null;
        }

        private static LimitOverride? ReadOverride(CelValue value)
        {
            if (value.Kind != CelKind.Map)
            {
                return null;
            }

            var map = value.AsMap();
            var unit = map.Get("unit");
            var requests = map.Get("requestsPerUnit");
            if (requests.IsAbsent)
            {
                requests = map.Get("requests_per_unit");
            }

            return unit.Kind == CelKind.String && unit.AsString().ToLowerInvariant() is "second" or "minute" or "hour" or "day" or "month" or "year" &&
                requests.TryGetNumber(out var number) && number is >= 0 and <= uint.MaxValue
                ? new LimitOverride((uint)number, unit.AsString().ToLowerInvariant())
                : null;
        }
    }
}

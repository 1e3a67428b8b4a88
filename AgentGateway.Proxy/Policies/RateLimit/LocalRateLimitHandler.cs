using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.RateLimit;

/// <summary>
/// Policy <c>localRateLimit</c>: every limit must let the request pass. Owes the state of the most constrained one to every response.
/// Limits of type <c>tokens</c> are charged by LLM usage: they are handed to the LLM backend by <see cref="RequestContext.TokenLimits"/>.
/// </summary>
internal sealed class LocalRateLimitHandler : IRequestPolicy
{
    private static readonly string?[] NoKey = [null];

    private readonly Limiter _limiter;
    private readonly PolicyExpression?[] _keys;
    private readonly int[] _requests;
    private readonly int[] _tokens;

    public LocalRateLimitHandler(LocalRateLimits settings, PolicyScope scope)
    {
        var place = settings.SharedAs is { } name ? scope with { StateKey = name } : scope;
        _limiter = scope.Services.PolicyState.For(place, settings, () => new Limiter(settings, scope.Services.Time));
        _keys = [.. settings.Limits.Select(limit => PolicyExpression.Of(limit.Key))];
        _requests = Positions(settings, RateLimitType.Requests);
        _tokens = Positions(settings, RateLimitType.Tokens);
    }

    public bool NeedsRequestBody => _keys.Any(key => key is { ReadsRequestBody: true });

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context) => new(Check(context));

    private GatewayReply? Check(RequestContext context)
    {
        if (_tokens.Length > 0)
        {
            context.TokenLimits = new TokenLimits(_limiter, _tokens, KeysOf(_tokens, context));
        }

        if (_requests.Length == 0)
        {
            return null;
        }

        var passes = _limiter.TryTake(_requests, KeysOf(_requests, context), 1, out var state);
        state.OweTo(context);
        return passes ? null : GatewayReply.RateLimitExceeded;
    }

    private string?[] KeysOf(int[] limits, RequestContext context)
    {
        if (limits.Length == 1 && _keys[limits[0]] is null)
        {
            return NoKey;
        }

        var keys = new string?[limits.Length];
        for (var i = 0; i < limits.Length; i++)
        {
            // A key without value (no token, no such header) is the bucket that all such requests share.
            keys[i] = _keys[limits[i]] is { } key && ExpressionText.TryText(key.Evaluate(context), out var text) ? text : null;
        }

        return keys;
    }

    private static int[] Positions(LocalRateLimits settings, RateLimitType type) =>
        [.. Enumerable.Range(0, settings.Limits.Length).Where(i => settings.Limits[i].Type == type)];
}

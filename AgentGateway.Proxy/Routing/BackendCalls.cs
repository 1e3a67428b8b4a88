using System.Collections.Immutable;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Routing;

/// <summary>Compiles how a route calls one of its backends.</summary>
internal static class BackendCalls
{
    /// <param name="policies">Backend policies, merged over all levels.</param>
    /// <param name="routePolicies">Policies of the route, of which retries and the time limit of an attempt concern the call.</param>
    /// <param name="scope">Place of the backend policies.</param>
    /// <param name="snapshot">Where named backends are found.</param>
    public static BackendCall Compile(EquatableArray<PolicySnapshot> policies, EquatableArray<PolicySnapshot> routePolicies, PolicyScope scope, GatewaySnapshot snapshot)
    {
        var transport = BackendTransports.Compile(scope.Services.Settings.Upstream, policies, snapshot);
        var call = ReferenceEquals(transport, TransportOptions.Default) ? BackendCall.Plain : BackendCall.Plain with { Transport = transport };
        var handlers = PolicyChain.Compile<IBackendPolicy>(policies, scope);
        if (handlers.Length > 0)
        {
            call = call with { Policies = ImmutableArray.Create(handlers), ReadsRequestBody = Array.Exists(handlers, static handler => handler.ReadsRequestBody) };
        }

        foreach (var policy in routePolicies)
        {
            switch (policy)
            {
                case TimeoutPolicy { BackendRequestTimeout: { } limit }:
                    call = call with { AttemptTimeout = TimeLimit.Of(limit) };
                    break;
                case RetryPolicy retry:
                    call = call with { Retry = Retry(retry) };
                    break;
            }
        }

        foreach (var policy in policies)
        {
            switch (policy)
            {
                case BackendHttp { RequestTimeout: { } limit } when call.AttemptTimeout is not { } shorter || limit < shorter:
                    call = call with { AttemptTimeout = TimeLimit.Of(limit) };
                    break;
                case HealthPolicy health:
                    var unhealthy = PolicyExpression.Of(health.UnhealthyExpression);
                    call = call with
                    {
                        Eviction = BackendTransports.Compile(health.Eviction),
                        Unhealthy = Unhealthy(unhealthy),
                        ReadsRequestBody = call.ReadsRequestBody || unhealthy is { ReadsRequestBody: true },
                    };
                    break;
            }
        }

        return call;
    }

    private static Func<RequestContext, UpstreamResponse, bool>? Unhealthy(PolicyExpression? expression) =>
        expression is null ? null : (context, response) => Holds(expression, context, response);

    private static RetrySettings Retry(RetryPolicy policy)
    {
        var condition = PolicyExpression.Of(policy.Condition);
        return new RetrySettings
        {
            Attempts = policy.Attempts,
            Backoff = TimeLimit.Of(policy.Backoff ?? TimeSpan.Zero),
            Codes = policy.Codes.ToImmutableArray(),
            Condition = condition is null ? null : (context, attempt) => attempt.Response is not { } upstream || Holds(condition, context, upstream),
        };
    }

    // The condition sees a response that has not been given to the client's response yet.
    private static bool Holds(PolicyExpression condition, RequestContext context, UpstreamResponse upstream)
    {
        var response = context.Http.Response;
        var before = response.StatusCode;
        response.StatusCode = upstream.StatusCode;
        upstream.CopyHeadersTo(response.Headers);
        context.HasResponseHead = true;
        var holds = condition.IsTrue(context);
        context.HasResponseHead = false;
        response.StatusCode = before;
        response.Headers.Clear();
        return holds;
    }
}

using System.Runtime.CompilerServices;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Routing;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>Sends a request to a backend, again where the retry settings say so, and passes the response on.</summary>
internal static class HttpForwarder
{
    public static ValueTask<GatewayReply?> ForwardAsync(RequestContext context, HttpBackend backend, BackendCall call) =>
        !context.IsRequestBodyBuffered && (call.ReadsRequestBody || (call.Retry is not null && context.Route is { BackendsReadBody: true })) ? KeepBodyAndForwardAsync(context, backend, call)
        : call.Retry is null && call.AttemptTimeout is null ? ForwardOnceAsync(context, backend, call)
        : ForwardWithRetriesAsync(context, backend, call);

    // The body is taken from the client once: policies of attempts see what was kept of it, and the attempts send it.
    private static async ValueTask<GatewayReply?> KeepBodyAndForwardAsync(RequestContext context, HttpBackend backend, BackendCall call)
    {
        await context.KeepBodyAsync();
        return await ForwardAsync(context, backend, call);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<GatewayReply?> ForwardOnceAsync(RequestContext context, HttpBackend backend, BackendCall call)
    {
        var request = UpstreamRequests.Create(context);
        UpstreamAttempt attempt;
        try
        {
            attempt = await backend.AttemptAsync(context, call, request, context.Aborted);
        }
        catch (OperationCanceledException) when (context.Aborted.IsCancellationRequested)
        {
            return Cancelled(context);
        }

        return attempt.Response is { } response ? await ResponseRelay.DeliverAsync(context, request, response) : attempt.Reply;
    }

    private static async ValueTask<GatewayReply?> ForwardWithRetriesAsync(RequestContext context, HttpBackend first, BackendCall firstCall)
    {
        // Retries belong to the route, so the first choice's settings hold for all attempts.
        var retry = context.MayRetry ? firstCall.Retry : null;
        var template = UpstreamRequests.Create(context);
        using var replay = retry is not null && template.Body is { } body ? new ReplayableBody(body) : null;
        if (replay is not null)
        {
            template.Body = replay;
        }

        var (backend, call) = (first, firstCall);
        var owedHeaders = context.OwedHeaders;
        for (var number = 0; ; number++)
        {
            var request = retry is null ? template : ForAttempt(template, number);
            UpstreamAttempt attempt;
            try
            {
                attempt = await AttemptAsync(context, backend, call, request);
            }
            catch (OperationCanceledException) when (context.Aborted.IsCancellationRequested)
            {
                return Cancelled(context);
            }

            context.Record.RetryAttempt = number;
            if (retry is null || number >= retry.Attempts || !IsRetried(context, retry, attempt) || !(replay?.TryRestart() ?? true))
            {
                return attempt.Response is { } response ? await ResponseRelay.DeliverAsync(context, request, response) : attempt.Reply;
            }

            if (attempt.Response is { } refused)
            {
                await refused.DisposeAsync();
            }

            if (!await WaitAsync(retry.Backoff, context.Services.Time, context.Aborted))
            {
                return Cancelled(context);
            }

            // What the policies of the last choice had to do with the response is over.
            context.ForgetAttempt(owedHeaders);
            if (context.Route?.PickBackend() is { } choice && PickEndpoint(choice) is { } another)
            {
                context.Backend = choice;
                (backend, call) = (another, choice.Call);
            }
        }
    }

    private static HttpBackend? PickEndpoint(RouteBackendRuntime choice) => choice.Handler switch
    {
        HttpBackend host => host,
        ServiceBackend service => service.Pick(choice.Call),
        _ => null,
    };

    private static async ValueTask<UpstreamAttempt> AttemptAsync(RequestContext context, HttpBackend backend, BackendCall call, UpstreamRequest request)
    {
        if (call.AttemptTimeout is not { } limit)
        {
            return await backend.AttemptAsync(context, call, request, context.Aborted);
        }

        using var own = new CancellationTokenSource(limit, context.Services.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.Aborted, own.Token);
        try
        {
            return await backend.AttemptAsync(context, call, request, linked.Token);
        }
        catch (OperationCanceledException) when (!context.Aborted.IsCancellationRequested)
        {
            return new UpstreamAttempt(null, UpstreamReplies.AttemptTimeout, IsRetryable: true);
        }
    }

    private static bool IsRetried(RequestContext context, RetrySettings retry, in UpstreamAttempt attempt) =>
        attempt.Response is { } response
            ? retry.Codes.Contains(response.StatusCode) && (retry.Condition?.Invoke(context, attempt) ?? true)
            : attempt.IsRetryable;

    private static async ValueTask<bool> WaitAsync(TimeSpan backoff, TimeProvider time, CancellationToken cancellationToken)
    {
        if (backoff <= TimeSpan.Zero)
        {
            return !cancellationToken.IsCancellationRequested;
        }

        await Task.Delay(backoff, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }

    // Policies change an attempt: the next one starts from what the client sent.
    private static UpstreamRequest ForAttempt(UpstreamRequest template, int number)
    {
        var headers = UpstreamRequests.CopyOf(template.Headers);
        if (number > 0)
        {
            // The transport writes the number of this attempt; one that the client sent would stand before it.
            headers.Remove("x-retry-attempt");
        }

        return new UpstreamRequest
        {
            Method = template.Method,
            Target = template.Target,
            Host = template.Host,
            Headers = headers,
            Body = template.Body,
            ContentLength = template.ContentLength,
            Trailers = template.Trailers,
            ExpectContinue = template.ExpectContinue,
            AcceptsTrailers = template.AcceptsTrailers,
            Upgrade = template.Upgrade,
            RetryAttempt = number,
        };
    }

    private static GatewayReply? Cancelled(RequestContext context)
    {
        if (context.TimedOut)
        {
            return GatewayReply.RequestTimeout;
        }

        context.NoteClientGone();
        return null;
    }
}

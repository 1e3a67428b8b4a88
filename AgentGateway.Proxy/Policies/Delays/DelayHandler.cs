using AgentGateway.Cel;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Delays;

/// <summary>Policy <c>delay</c>: waits before the request goes on (fault injection). What gives no time waits not at all.</summary>
internal sealed class DelayHandler(DelayPolicy settings) : IRequestPolicy
{
    // The longest wait that a timer can express; a request timeout or the client ends a longer one anyhow.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    private readonly PolicyExpression? _expression = PolicyExpression.Of(settings.Expression);

    public bool NeedsRequestBody => _expression is { ReadsRequestBody: true };

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        var duration = settings.Duration ?? DurationOf(_expression!.Evaluate(context));
        return duration > TimeSpan.Zero ? WaitAsync(duration, context) : default;
    }

    private static async ValueTask<GatewayReply?> WaitAsync(TimeSpan duration, RequestContext context)
    {
        await Task.Delay(duration < Longest ? duration : Longest, context.Services.Time, context.Aborted);
        return null;
    }

    // A duration, or a number of milliseconds.
    private static TimeSpan DurationOf(in CelValue value)
    {
        if (value.Kind == CelKind.Duration)
        {
            return value.AsDuration();
        }

        return value.TryGetNumber(out var milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, Longest.TotalMilliseconds))
            : TimeSpan.Zero;
    }
}

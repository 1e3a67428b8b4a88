namespace AgentGateway.Proxy.Requests;

// The time limit of the whole exchange up to the head of the response (policy timeout, requestTimeout).
internal sealed partial class RequestContext
{
    private RequestDeadline? _deadline;

    /// <summary>True when the request timeout has passed before a response head was ready: the answer is 504 <c>request timeout</c>.</summary>
    public bool TimedOut => _deadline is { HasPassed: true };

    /// <summary>Starts the time limit; from now on <see cref="Aborted"/> is cancelled when it passes.</summary>
    public void StartDeadline(TimeSpan limit)
    {
        _deadline?.End();
        _deadline = new RequestDeadline(limit, Services.Time, _http.RequestAborted);
    }
}

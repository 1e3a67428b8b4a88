using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Requests;

// The time limit of the whole exchange up to the head of the response (policy timeout, requestTimeout).
internal sealed partial class RequestContext
{
    /// <summary>What the record says of a request that ended because its connection did.</summary>
    public const string ClientGone = "the client closed the connection";

    /// <summary>What the record says of one whose connection was closed because the port gave up on draining.</summary>
    public const string DrainOver = "the gateway closed the connection at the end of draining";

    private RequestDeadline? _deadline;

    /// <summary>True when the request timeout has passed before a response head was ready: the answer is 504 <c>request timeout</c>.</summary>
    public bool TimedOut => _deadline is { HasPassed: true };

    /// <summary>Ends a request whose client has gone. Nobody reads the status; the log shows it (499 is what nginx made customary).</summary>
    public void NoteClientGone()
    {
        Record.Error ??= ClientGone;
        _http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        _http.Abort();
    }

    /// <summary>Starts the time limit; from now on <see cref="Aborted"/> is cancelled when it passes.</summary>
    public void StartDeadline(TimeSpan limit)
    {
        _deadline?.End();
        _deadline = new RequestDeadline(limit, Services.Time, _http.RequestAborted);
    }
}

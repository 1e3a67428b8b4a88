using System.Collections.Immutable;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>When and how often a request is sent again (route policy <c>retry</c>).</summary>
internal sealed record RetrySettings
{
    /// <summary>Retries after the first try; 1 by default.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Wait before each retry; none by default.</summary>
    public TimeSpan Backoff { get; init; }

    /// <summary>Statuses that are tried again. Failures to connect, timeouts of an attempt and unresolved names always are.</summary>
    public ImmutableArray<int> Codes { get; init; } = [];

    /// <summary>Decides for a status among <see cref="Codes"/> whether this response is retried; null retries.</summary>
    public Func<RequestContext, UpstreamAttempt, bool>? Condition { get; init; }
}

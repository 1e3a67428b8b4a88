using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>Counts requests for all replicas of the gateway.</summary>
internal interface ISharedLimiter
{
    /// <summary>Where the counters are, for logs; never a secret.</summary>
    string Place { get; }

    /// <summary>Counts a request against all its descriptors.</summary>
    /// <exception cref="Callouts.CalloutException">The counters cannot be reached.</exception>
    Task<LimitDecision> CountAsync(RequestContext context, IReadOnlyList<LimitDescriptor> descriptors, CancellationToken cancellationToken);

    /// <summary>Longest time of a call that the connection's own policies set; null leaves the usual one.</summary>
    /// <exception cref="Callouts.CalloutException">The counters cannot be reached.</exception>
    TimeSpan? TimeoutFor(RequestContext context) => null;
}

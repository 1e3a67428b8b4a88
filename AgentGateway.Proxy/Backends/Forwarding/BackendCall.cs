using System.Collections.Immutable;
using AgentGateway.Proxy.Backends.Health;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>How a route calls a backend it may choose: the compiled form of the backend policies that apply there, and of the route's retries.</summary>
internal sealed record BackendCall
{
    public static BackendCall Plain { get; } = new();

    /// <summary>Connections, HTTP version and TLS.</summary>
    public TransportOptions Transport { get; init; } = TransportOptions.Default;

    /// <summary>Policies of each attempt, in the order of the policy table.</summary>
    public ImmutableArray<IBackendPolicy> Policies { get; init; } = [];

    /// <summary>True when something of the call reads the body of the client's request, which is then kept before the first attempt.</summary>
    public bool ReadsRequestBody { get; init; }

    /// <summary>Null sends once.</summary>
    public RetrySettings? Retry { get; init; }

    /// <summary>Longest time of one attempt to the response head (<c>timeout.backendRequestTimeout</c>, <c>http.requestTimeout</c>); null for no limit.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>When an endpoint is taken out of rotation; null never evicts.</summary>
    public EvictionSettings? Eviction { get; init; }

    /// <summary>Whether a response speaks against its endpoint; null means that every response is a success.</summary>
    public Func<RequestContext, UpstreamResponse, bool>? Unhealthy { get; init; }
}

using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Listeners.Tunnels;
using AgentGateway.Proxy.Policies.RateLimit;
using AgentGateway.Proxy.Routing;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// One request on its way through the gateway. Reused for the requests of one connection; nothing may keep it after the request has ended.
/// </summary>
internal sealed partial class RequestContext
{
    private readonly DefaultHttpContext _http = new();
    private SemaphoreSlim? _targetPolicies;

    /// <summary>Kestrel's request and response.</summary>
    public HttpContext Http => _http;

    /// <summary>Facts for logs, traces, metrics and expressions.</summary>
    public RequestRecord Record { get; } = new();

    /// <summary>Process-wide services.</summary>
    public GatewayServices Services { get; private set; } = null!;

    /// <summary>The one snapshot that this request sees from start to end.</summary>
    public GatewayRuntime Runtime { get; private set; } = null!;

    /// <summary>The port that took the request.</summary>
    public BindRuntime Bind { get; private set; } = null!;

    /// <summary>The listener, once it is chosen.</summary>
    public ListenerRuntime? Listener { get; set; }

    /// <summary>The route, once it is matched.</summary>
    public RouteRuntime? Route { get; set; }

    /// <summary>The path condition by which the route was matched; rewrites and redirects of a prefix refer to it.</summary>
    public PathMatchSnapshot? PathMatch { get; set; }

    /// <summary>The chosen backend with its policies, once it is picked.</summary>
    public RouteBackendRuntime? Backend { get; set; }

    /// <summary>Set for a CONNECT request that is routed to an upstream; null for every other request.</summary>
    public IClientTunnel? Tunnel { get; set; }

    /// <summary>Rate limits that count LLM tokens; null when the route has none.</summary>
    public TokenLimits? TokenLimits { get; set; }

    /// <summary>False when the precondition of the route's retries does not hold for this request.</summary>
    public bool MayRetry { get; set; }

    /// <summary>Taken by whoever lets policies of one of several MCP targets act; they run side by side in one request.</summary>
    public SemaphoreSlim TargetPolicies => LazyInitializer.EnsureInitialized(ref _targetPolicies, static () => new SemaphoreSlim(1, 1));

    /// <summary>Cancelled when the client goes away, the request timeout passes, or the gateway gives up on draining.</summary>
    public CancellationToken Aborted => _deadline?.Token ?? _http.RequestAborted;

    internal void Initialize(IFeatureCollection features, GatewayServices services, GatewayRuntime runtime, BindRuntime bind)
    {
        _http.Initialize(features);
        Services = services;
        Runtime = runtime;
        Bind = bind;
        Listener = null;
        Route = null;
        PathMatch = null;
        Backend = null;
        ReadTarget(features);
        _metadata?.Clear();
        TokenLimits = null;
        Tunnel = null;
        MayRetry = true;
        ResetRequestBody();
        ResetResponse();
        ResetVariables();
        Record.Begin(this);
    }

    internal void Release()
    {
        _http.Uninitialize();
        Runtime = null!;
        Bind = null!;
        Listener = null;
        Route = null;
        Backend = null;
        _deadline?.End();
        _deadline = null;
    }
}

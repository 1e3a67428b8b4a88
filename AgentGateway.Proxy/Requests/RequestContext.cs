using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Routing;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// One request on its way through the gateway. Reused for the requests of one connection; nothing may keep it after the request has ended.
/// </summary>
internal sealed class RequestContext
{
    private readonly DefaultHttpContext _http = new();
    private List<KeyValuePair<string, StringValues>>? _owedHeaders;

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

    /// <summary>Cancelled when the client goes away or the gateway gives up on draining.</summary>
    public CancellationToken Aborted => _http.RequestAborted;

    /// <summary>Response headers that policies owe to any response, errors included; merged just before the response starts.</summary>
    public void Owe(string name, StringValues value) => (_owedHeaders ??= []).Add(new(name, value));

    /// <summary>
    /// To be called once status and headers of an upstream response stand in <see cref="HttpContext.Response"/> and before its first body byte:
    /// runs the response policies and merges the owed headers.
    /// </summary>
    public ValueTask<GatewayReply?> ResponseHeadReadyAsync() => Route is { } route ? route.ApplyResponsePoliciesAsync(this) : default;

    internal void Initialize(IFeatureCollection features, GatewayServices services, GatewayRuntime runtime, BindRuntime bind)
    {
        _http.Initialize(features);
        Services = services;
        Runtime = runtime;
        Bind = bind;
        Listener = null;
        Route = null;
        _owedHeaders?.Clear();
        Record.Begin(this);
    }

    internal void Release()
    {
        _http.Uninitialize();
        Runtime = null!;
        Bind = null!;
        Listener = null;
        Route = null;
    }

    internal void MergeOwedHeaders()
    {
        if (_owedHeaders is not { Count: > 0 } owed || _http.Response.HasStarted)
        {
            return;
        }

        var headers = _http.Response.Headers;
        foreach (var (name, value) in owed)
        {
            headers[name] = value;
        }

        owed.Clear();
    }
}

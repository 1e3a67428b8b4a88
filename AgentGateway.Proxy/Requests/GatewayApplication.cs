using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Listeners.Tunnels;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Routing;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// The way of a request on one port: snapshot, listener, route, policies, backend, record. Sits directly on the server: no middleware
/// pipeline between socket and routing (measured in the performance notes: each layer costs).
/// </summary>
internal sealed class GatewayApplication(string bindKey, GatewayState state, GatewayServices services) : IHttpApplication<RequestContext>
{
    // The port's last compiled form: connections that drain after a reload removed the port keep it.
    private volatile BindRuntime? _bind;
    private volatile bool _drainIsOver;

    public RequestContext CreateContext(IFeatureCollection contextFeatures)
    {
        // HTTP/1.1 connections carry a slot for the context, so a keep-alive connection allocates it once.
        RequestContext context;
        if (contextFeatures is IHostContextContainer<RequestContext> container)
        {
            context = container.HostContext ??= new RequestContext();
        }
        else
        {
            context = new RequestContext();
        }

        var runtime = state.Current;
        var bind = runtime.Binds.TryGetValue(bindKey, out var current) ? current : _bind!;
        if (!ReferenceEquals(bind, _bind))
        {
            _bind = bind;
        }

        context.Initialize(contextFeatures, services, runtime, bind);
        return context;
    }

    public async Task ProcessRequestAsync(RequestContext context)
    {
        GatewayReply? reply;
        try
        {
            reply = await RouteAsync(context);
        }
        catch (BadHttpRequestException error)
        {
            reply = GatewayReply.InvalidBody(error);
        }
        catch (OperationCanceledException error) when ((error is ConnectionAbortedException || context.Http.RequestAborted.IsCancellationRequested) && !context.Http.Response.HasStarted)
        {
            // A policy was waiting for something: the rest of the body, or somebody else.
            context.NoteClientGone();
            return;
        }

        if (reply is not null)
        {
            await ReplyWriter.WriteAsync(context, reply);
        }
        else if (context.IsCapturingResponse)
        {
            await context.FinishResponseAsync();
        }
    }

    /// <summary>From now on connections end because the port gives up on draining, and not by their clients.</summary>
    public void NoteDrainOver() => _drainIsOver = true;

    public void DisposeContext(RequestContext context, Exception? exception)
    {
        if (_drainIsOver && ReferenceEquals(context.Record.Error, RequestContext.ClientGone))
        {
            context.Record.Error = RequestContext.DrainOver;
        }

        services.Telemetry.Complete(context, exception);
        context.Release();
    }

    private static ValueTask<GatewayReply?> RouteAsync(RequestContext context)
    {
        if (RequestFraming.Refuse(context) is { } refusal)
        {
            return new(refusal);
        }

        // Of HTTP/1.1 such a port takes CONNECT alone, before the HTTP server (ConnectTunnel): what comes here is HTTP/2.
        if (context.Bind.Snapshot.TunnelProtocol == TunnelProtocol.Connect)
        {
            return new(GatewayReply.MethodNotAllowed);
        }

        ConnectionFields.RemoveNamed(context.Http.Request.Headers);
        var record = context.Record;
        var connection = context.Bind.Tls is null ? null : context.Http.Features.Get<ConnectionFacts>();
        record.SourceIdentity = connection?.Identity;
        if (context.Bind.ChooseListener(context.HostName, connection, out var misdirected) is not { } listener)
        {
            return new(GatewayReply.ListenerNotFound);
        }

        if (misdirected)
        {
            return new(GatewayReply.Misdirected);
        }

        // Tunnels into the gateway open before the HTTP server (ConnectTunnel); what comes here is a tunnel to an upstream.
        if (HttpMethods.IsConnect(context.Http.Request.Method) && !TryEnterTunnel(context))
        {
            return new(GatewayReply.MethodNotAllowed);
        }

        context.Listener = listener;
        record.Listener = listener.Snapshot.Name;
        record.Gateway = listener.Snapshot.Gateway;
        if (GatewayTelemetry.SamplingReadsBody(context))
        {
            return SampleByBodyAsync(context, listener);
        }

        context.Services.Telemetry.DecideSampling(context);
        GatewayTelemetry.RecordBodies(context);
        return ApplyGatewayPoliciesAsync(context, listener);
    }

    // Extended CONNECT opens WebSockets over HTTP/2 (RFC 8441) and is no tunnel.
    private static bool TryEnterTunnel(RequestContext context)
    {
        var http = context.Http;
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true })
        {
            return true;
        }

        if (context.Runtime.Snapshot.Frontend.Connect != ConnectMode.Route)
        {
            return false;
        }

        context.Tunnel = http.Features.Get<IClientTunnel>() ?? (http.Request.Protocol == HttpProtocol.Http2 ? new Http2Tunnel(http) : null);
        return context.Tunnel is not null;
    }

    private static async ValueTask<GatewayReply?> SampleByBodyAsync(RequestContext context, ListenerRuntime listener)
    {
        await context.KeepBodyAsync();
        context.Services.Telemetry.DecideSampling(context);
        GatewayTelemetry.RecordBodies(context);
        return await ApplyGatewayPoliciesAsync(context, listener);
    }

    private static ValueTask<GatewayReply?> ApplyGatewayPoliciesAsync(RequestContext context, ListenerRuntime listener) =>
        listener.Policies.Length == 0 ? MatchAsync(context, listener) : RunGatewayPoliciesAsync(context, listener);

    private static async ValueTask<GatewayReply?> RunGatewayPoliciesAsync(RequestContext context, ListenerRuntime listener) =>
        await PolicyChain.RunAsync(listener.Policies, context) ?? await MatchAsync(context, listener);

    private static ValueTask<GatewayReply?> MatchAsync(RequestContext context, ListenerRuntime listener)
    {
        if (listener.Routes.Match(context) is not { } match)
        {
            return new(GatewayReply.RouteNotFound);
        }

        if (match.Route.Delegates)
        {
            match = RouteTable.Follow(match, context);
            if (match is null)
            {
                return new(GatewayReply.RouteNotFound);
            }

            if (match.Route.IsCycle)
            {
                return new(GatewayReply.DelegationCycle);
            }
        }

        var route = match.Route;
        context.Route = route;
        context.PathMatch = match.Path;
        context.Record.PathMatch = match.PathPattern;
        context.Record.Route = route.Snapshot.Name;
        context.Record.RouteRule = route.Snapshot.RuleName;
        return route.Policies.Length == 0 ? CallBackendAsync(context, route) : ApplyRoutePoliciesAsync(context, route);
    }

    private static async ValueTask<GatewayReply?> ApplyRoutePoliciesAsync(RequestContext context, RouteRuntime route)
    {
        try
        {
            return await PolicyChain.RunAsync(route.Policies, context) ?? await CallBackendAsync(context, route);
        }
        catch (OperationCanceledException) when (context.TimedOut)
        {
            return GatewayReply.RequestTimeout;
        }
    }

    private static ValueTask<GatewayReply?> CallBackendAsync(RequestContext context, RouteRuntime route)
    {
        if ((context.Backend ?? route.PickBackend()) is not { } backend)
        {
            return new(GatewayReply.NoValidBackends);
        }

        context.Backend = backend;
        if (context.Tunnel is { } tunnel)
        {
            return TunnelForwarder.ForwardAsync(context, tunnel, backend);
        }

        return backend.Handler.HandleAsync(context);
    }
}

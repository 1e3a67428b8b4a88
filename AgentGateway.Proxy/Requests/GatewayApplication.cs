using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
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
        var reply = await RouteAsync(context);
        if (reply is not null)
        {
            await ReplyWriter.WriteAsync(context, reply);
        }
    }

    public void DisposeContext(RequestContext context, Exception? exception)
    {
        services.Telemetry.Complete(context, exception);
        context.Release();
    }

    private static ValueTask<GatewayReply?> RouteAsync(RequestContext context)
    {
        var request = context.Http.Request;
        var host = request.Host.Host.AsSpan();
        var record = context.Record;
        if (context.Bind.FindListener(host) is not { } listener)
        {
            return new(GatewayReply.Failure(404, ResponseReason.NotFound, "listener not found"));
        }

        context.Listener = listener;
        record.Listener = listener.Snapshot.Name;
        record.Gateway = listener.Snapshot.Gateway;
        context.Services.Telemetry.DecideSampling(context);
        if (listener.Routes.Match(request, host, out record.PathMatch) is not { } route)
        {
            return new(GatewayReply.Failure(404, ResponseReason.NotFound, "route not found"));
        }

        context.Route = route;
        record.Route = route.Snapshot.Name;
        record.RouteRule = route.Snapshot.RuleName;
        return DispatchAsync(context);
    }

    private static async ValueTask<GatewayReply?> DispatchAsync(RequestContext context)
    {
        var route = context.Route!;
        if (await route.ApplyRequestPoliciesAsync(context) is { } reply)
        {
            return reply;
        }

        return route.PickBackend() is { } backend
            ? await backend.HandleAsync(context)
            : GatewayReply.Failure(500, ResponseReason.Internal, "no valid backends");
    }
}

using System.Collections.Immutable;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// Has the policies of a target act on the messages to it. A request of a client can call several targets at a time, while policies may use the
/// context of the request without sharing it: they act one after the other, only the calls run side by side.
/// </summary>
internal static class CallPolicies
{
    /// <summary>Changes the message; returns null to send it, or the reply that takes its place.</summary>
    public static async ValueTask<GatewayReply?> ApplyAsync(RequestContext context, ImmutableArray<IBackendPolicy> policies, HttpRequestMessage message)
    {
        if (policies.IsEmpty)
        {
            return null;
        }

        await context.TargetPolicies.WaitAsync(context.Aborted);
        try
        {
            return await MessagePolicies.ApplyAsync(context, policies, message);
        }
        finally
        {
            context.TargetPolicies.Release();
        }
    }
}

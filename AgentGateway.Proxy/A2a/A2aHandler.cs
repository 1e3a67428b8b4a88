using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.A2a;

/// <summary>
/// Policy <c>a2a</c> (specification config-mcp 4): tells what agent-to-agent messages are about and rewrites agent cards. Messages and streams
/// pass untouched.
/// </summary>
internal sealed class A2aHandler : IBackendPolicy
{
    // Enough to find the method behind an id and the members that SDKs put before it; the rest of a large message is not waited for.
    private const int MaxPeek = 64 * 1024;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        context.Record.Protocol = "a2a";
        if (HttpMethods.IsGet(attempt.Method) && AgentCard.BaseOf(PathOf(attempt.Target)) is { } agentBase)
        {
            // A compressed card could not be read.
            attempt.Headers = UpstreamRequests.CopyOf(attempt.Headers);
            attempt.Headers.Remove("Accept-Encoding");
            context.OnResponse(ResponseStep.Backend, new AgentCardResponse(context, agentBase));
            return default;
        }

        context.OnResponse(ResponseStep.Backend, new A2aResponse(context));
        return attempt.RetryAttempt == 0 && !attempt.BodyStarted && HttpMethods.IsPost(attempt.Method) && IsJson(context.Http.Request.ContentType)
            ? PeekAsync(context)
            : default;
    }

    internal static bool IsJson(string? contentType) =>
        contentType is not null && contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<GatewayReply?> PeekAsync(RequestContext context)
    {
        var (body, isWhole) = await BodyPeek.ReadAsync(context, MaxPeek);
        context.Record.A2aMethod = A2aMessage.Method(body, isWhole);
        return null;
    }

    private static ReadOnlySpan<char> PathOf(string target)
    {
        var query = target.IndexOf('?');
        return query < 0 ? target : target.AsSpan(0, query);
    }
}

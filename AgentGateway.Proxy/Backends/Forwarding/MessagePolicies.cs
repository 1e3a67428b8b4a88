using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>
/// Has the policies of an attempt act on requests that the gateway makes itself: to MCP servers, to services that policies call. Such messages have
/// their body in memory.
/// </summary>
internal static class MessagePolicies
{
    /// <summary>Changes the message; returns null to send it, or the reply that takes its place.</summary>
    public static async ValueTask<GatewayReply?> ApplyAsync(RequestContext context, ImmutableArray<IBackendPolicy> policies, HttpRequestMessage message)
    {
        if (policies.IsEmpty)
        {
            return null;
        }

        var uri = message.RequestUri!;
        var attempt = new UpstreamRequest
        {
            Method = message.Method.Method,
            Target = uri.PathAndQuery,
            Host = message.Headers.Host ?? uri.Authority,
            Headers = HeadersOf(message),
        };
        PipeReader? body = null;
        if (message.Content is { } content)
        {
            var bytes = await content.ReadAsByteArrayAsync(context.Aborted);
            attempt.ContentLength = bytes.Length;
            attempt.Body = body = PipeReader.Create(new ReadOnlySequence<byte>(bytes));
        }

        foreach (var policy in policies)
        {
            if (await policy.ApplyAsync(context, attempt) is { } reply)
            {
                return reply;
            }
        }

        var hasOwnHost = attempt.Host != uri.Authority;
        message.Method = HttpMethod.Parse(attempt.Method);
        message.RequestUri = new Uri(
            uri.GetLeftPart(UriPartial.Authority) + (attempt.Target.StartsWith('/') ? attempt.Target : "/" + attempt.Target),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        if (!ReferenceEquals(attempt.Body, body) && attempt.Body is { } other)
        {
            var read = await other.ReadAtLeastAsync((int)(attempt.ContentLength ?? 0), context.Aborted);
            message.Content = new ByteArrayContent(read.Buffer.ToArray());
            other.AdvanceTo(read.Buffer.End);
        }

        message.Headers.Clear();
        message.Content?.Headers.Clear();
        foreach (var (name, values) in attempt.Headers)
        {
            if (!ExpressionText.IsHeaderSafe(values))
            {
                return GatewayReply.ProcessingFailed($"the value of header {name} holds a control character");
            }

            if (!HopByHop.IsRequestHeader(name) && !message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        message.Headers.Host = hasOwnHost ? attempt.Host : null;
        return null;
    }

    private static HeaderDictionary HeadersOf(HttpRequestMessage message)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, values) in message.Headers.NonValidated)
        {
            headers[name] = values.ToArray();
        }

        if (message.Content is { } content)
        {
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                headers[name] = values.ToArray();
            }
        }

        return headers;
    }
}

using System.Buffers;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>Looks at the start of a request body without taking it from those who forward it.</summary>
internal static class BodyPeek
{
    /// <summary>The first bytes of the body, and whether that is all of it.</summary>
    public static async ValueTask<(byte[] Bytes, bool IsWhole)> ReadAsync(RequestContext context, int maxLength)
    {
        if (context.Http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return ([], true);
        }

        var reader = context.Http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.Aborted);
            var buffer = read.Buffer;
            if (read.IsCompleted || buffer.Length > maxLength)
            {
                var isWhole = buffer.Length <= maxLength;
                var bytes = (isWhole ? buffer : buffer.Slice(0, maxLength)).ToArray();

                // Nothing consumed and nothing examined: the next reader gets it all at once.
                reader.AdvanceTo(buffer.Start, buffer.Start);
                return (bytes, isWhole);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}

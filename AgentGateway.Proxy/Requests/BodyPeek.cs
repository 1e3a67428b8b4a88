using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Requests;

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

        // Attempts may have taken the body from the client already; what was kept of it stays.
        if (context.IsRequestBodyBuffered && (context.RequestBodyIsWhole || context.RequestBody.Length >= maxLength))
        {
            var kept = context.RequestBody;
            return kept.Length <= maxLength ? (kept.ToArray(), context.RequestBodyIsWhole) : (kept[..maxLength].ToArray(), false);
        }

        var reader = context.Http.Request.BodyReader;
        using var pace = new BodyPace(context);
        var received = 0L;
        while (true)
        {
            var read = await pace.ReadAsync(reader, received);
            var buffer = read.Buffer;
            received = buffer.Length;
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

using System.Buffers;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>Reads request bodies that the gateway itself answers.</summary>
internal static class RequestBodies
{
    /// <summary>The whole body, or null when it is longer than allowed.</summary>
    public static async ValueTask<byte[]?> ReadAsync(RequestContext context, int maxLength)
    {
        if (context.Http.Request.ContentLength > maxLength)
        {
            return null;
        }

        var reader = context.Http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.Aborted);
            if (read.Buffer.Length > maxLength)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

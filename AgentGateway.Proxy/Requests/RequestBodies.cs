using System.Buffers;

namespace AgentGateway.Proxy.Requests;

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
        using var pace = new BodyPace(context);
        var received = 0L;
        while (true)
        {
            var read = await pace.ReadAsync(reader, received);
            received = read.Buffer.Length;
            if (received > maxLength)
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

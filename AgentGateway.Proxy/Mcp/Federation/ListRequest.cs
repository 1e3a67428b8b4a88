using System.Text;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>Requests for lists that the gateway makes itself.</summary>
internal static class ListRequest
{
    private static long _last;

    /// <summary>The request of a client again, for another page and with an identifier of its own: the client's has been answered.</summary>
    /// <param name="request">The client's list request.</param>
    /// <param name="cursor">Cursor as JSON text.</param>
    public static JsonRpcMessage Page(JsonRpcMessage request, ReadOnlyMemory<byte> cursor)
    {
        var text = Encoding.UTF8.GetString(cursor.Span);
        var edits = new JsonEdits();
        edits.Replace(request.IdSlice, NewId());
        if (request.CursorSlice.IsPresent)
        {
            edits.Replace(request.CursorSlice, text);
        }
        else if (request.ParamsIsObject)
        {
            edits.Insert(request.Params.Start + 1, request.ParamsIsEmpty ? $"\"cursor\":{text}" : $"\"cursor\":{text},");
        }
        else if (request.Params.IsPresent)
        {
            edits.Replace(request.Params, $"{{\"cursor\":{text}}}");
        }
        else
        {
            edits.Insert(request.CloseBrace, $",\"params\":{{\"cursor\":{text}}}");
        }

        return JsonRpcText.Own(edits.Apply(request.Json.Span));
    }

    /// <summary>A list request of the gateway on behalf of a client's request.</summary>
    /// <param name="method">Method of the list.</param>
    /// <param name="on">The client's request.</param>
    /// <param name="isModern">True states the client's <c>_meta</c>, which requests need since revision 2026-07-28.</param>
    public static JsonRpcMessage For(string method, JsonRpcMessage on, bool isModern)
    {
        var parameters = isModern && on.MetaIsObject ? $",\"params\":{{\"_meta\":{Encoding.UTF8.GetString(on.Meta.Of(on.Json.Span))}}}" : "";
        return JsonRpcText.Own(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":{NewId()},\"method\":\"{method}\"{parameters}}}"));
    }

    // Unlike what clients use; a stdio server must not see an identifier twice at a time.
    private static string NewId() => $"\"agentgateway-{Interlocked.Increment(ref _last)}\"";
}

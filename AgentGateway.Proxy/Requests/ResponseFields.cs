using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// Header fields that policies, called services and the client's own words put into responses. One that could end its line, or say where the body
/// ends, is left out: the response goes on without it.
/// </summary>
internal static class ResponseFields
{
    /// <summary>Sets a header, unless it cannot stand in a response.</summary>
    public static void Set(IHeaderDictionary headers, string name, StringValues value)
    {
        if (CanStand(name, value))
        {
            headers[name] = value;
        }
    }

    /// <summary>Adds a header beside those of its name (each cookie is a header of its own), unless it cannot stand in a response.</summary>
    public static void Append(IHeaderDictionary headers, string name, StringValues value)
    {
        if (CanStand(name, value))
        {
            var before = headers[name];
            headers[name] = before.Count == 0 ? value : StringValues.Concat(before, value);
        }
    }

    /// <summary>True for statuses whose responses have no body (RFC 9110, 15.3.5, 15.3.6, 15.4.5).</summary>
    public static bool IsWithoutBody(int status) => status is 204 or 205 or 304;

    /// <summary>True when the name is a token, the value holds no control characters, and the header does not frame the body.</summary>
    public static bool CanStand(string name, StringValues value) =>
        HttpToken.IsValid(name) && !HopByHop.IsFraming(name) && ExpressionText.IsHeaderSafe(value);
}

using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>Headers as they go to authorization services and come from them.</summary>
internal static class AuthzHeaders
{
    /// <summary>True for headers that no service may set: they belong to the framing of one connection.</summary>
    public static bool IsFraming(string name) =>
        name.Equals("content-length", StringComparison.OrdinalIgnoreCase) || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("connection", StringComparison.OrdinalIgnoreCase) || name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("upgrade", StringComparison.OrdinalIgnoreCase) || name.Equals("te", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("trailer", StringComparison.OrdinalIgnoreCase) || name.Equals("proxy-connection", StringComparison.OrdinalIgnoreCase);

    /// <summary>The values of a header as one: several lines of cookies are one line of them (RFC 9113, 8.2.3), other fields are lists.</summary>
    public static string Join(string name, StringValues values) =>
        values.Count > 1 && name.Equals("cookie", StringComparison.OrdinalIgnoreCase) ? string.Join("; ", (IEnumerable<string?>)values) : values.ToString();
}

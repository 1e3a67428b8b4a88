namespace AgentGateway.Proxy.Routing;

/// <summary>The host part of an authority, as host names are compared.</summary>
internal static class RequestHost
{
    /// <summary>
    /// Leaves out the port, the brackets of an IPv6 address and a trailing dot. What is no valid authority stays a name that no configured
    /// host name equals.
    /// </summary>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> authority)
    {
        if (authority.IsEmpty)
        {
            return authority;
        }

        if (authority[0] == '[')
        {
            var close = authority.IndexOf(']');
            return close < 0 ? authority : authority[1..close];
        }

        var colon = authority.IndexOf(':');
        if (colon >= 0 && authority[(colon + 1)..].Contains(':'))
        {
            // An IPv6 address without brackets: configurations write it so, no request does.
            return authority;
        }

        var name = colon < 0 ? authority : authority[..colon];
        return name.Length > 1 && name[^1] == '.' ? name[..^1] : name;
    }
}

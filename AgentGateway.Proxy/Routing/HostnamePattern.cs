namespace AgentGateway.Proxy.Routing;

/// <summary>An exact host name, a <c>*.suffix</c> pattern, or any host (empty or <c>*</c>). Compares without regard to case.</summary>
internal readonly struct HostnamePattern
{
    private readonly string _value;
    private readonly bool _isSuffix;

    public HostnamePattern(string pattern)
    {
        if (pattern is "" or "*")
        {
            _value = "";
        }
        else if (pattern.StartsWith("*.", StringComparison.Ordinal))
        {
            _isSuffix = true;
            _value = pattern[1..];
        }
        else
        {
            _value = RequestHost.NameOf(pattern).ToString();
        }
    }

    /// <summary>Greater is more specific: exact names, then longer suffixes, then any host.</summary>
    public int Specificity => _value.Length == 0 ? 0 : _isSuffix ? _value.Length : int.MaxValue;

    /// <summary>True when the host name, given without a port, is covered. A suffix covers one or more labels before it.</summary>
    public bool Matches(ReadOnlySpan<char> host) =>
        _value.Length == 0
        || (_isSuffix
            ? host.Length > _value.Length && host.EndsWith(_value, StringComparison.OrdinalIgnoreCase)
            : host.Equals(_value, StringComparison.OrdinalIgnoreCase));
}

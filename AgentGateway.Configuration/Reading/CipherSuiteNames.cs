namespace AgentGateway.Configuration.Reading;

/// <summary>Names of TLS cipher suites.</summary>
internal static class CipherSuiteNames
{
    /// <summary>TLS 1.3 suites are also known with the version in their name, as in <c>TLS13_AES_128_GCM_SHA256</c>.</summary>
    public static string ToIana(string name) =>
        name.StartsWith("TLS13_", StringComparison.Ordinal) ? string.Concat("TLS_", name.AsSpan(6)) : name.Length > 0 && char.IsAsciiLetterUpper(name[0]) ? name : "";
}

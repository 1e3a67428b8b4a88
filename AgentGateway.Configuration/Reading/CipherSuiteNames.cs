namespace AgentGateway.Configuration.Reading;

/// <summary>Names of TLS cipher suites.</summary>
internal static class CipherSuiteNames
{
    /// <summary>
    /// TLS 1.3 suites are also known with the version in their name, as in <c>TLS13_AES_128_GCM_SHA256</c>, those of TLS 1.2 by their names in OpenSSL.
    /// Empty for what is no name.
    /// </summary>
    public static string ToIana(string name) => name switch
    {
        "ECDHE-ECDSA-AES256-GCM-SHA384" => "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-ECDSA-AES128-GCM-SHA256" => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305" => "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384" => "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256" => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-RSA-CHACHA20-POLY1305" => "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        _ when name.StartsWith("TLS13_", StringComparison.Ordinal) => string.Concat("TLS_", name.AsSpan(6)),
        _ => name.Length > 0 && char.IsAsciiLetterUpper(name[0]) ? name : "",
    };
}

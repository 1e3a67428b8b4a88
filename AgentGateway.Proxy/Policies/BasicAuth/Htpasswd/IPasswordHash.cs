namespace AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;

/// <summary>A stored password in one of the formats of htpasswd files.</summary>
internal interface IPasswordHash
{
    /// <summary>True when one check takes milliseconds by design: it must not run on a socket thread.</summary>
    bool IsSlow { get; }

    /// <summary>Compares in constant time.</summary>
    bool Matches(ReadOnlySpan<byte> password);
}

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the authority of a request or redirect is changed.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="Value">Authority or host for <see cref="AuthorityRewriteKind.Full"/> and <see cref="AuthorityRewriteKind.Host"/>; else empty.</param>
/// <param name="Port">Port for <see cref="AuthorityRewriteKind.Port"/>; else 0.</param>
public sealed record AuthorityRewrite(AuthorityRewriteKind Kind, string Value = "", int Port = 0)
{
}

/// <summary>What an <see cref="AuthorityRewrite"/> changes.</summary>
public enum AuthorityRewriteKind
{
    /// <summary>The host becomes that of the chosen backend.</summary>
    Auto,

    /// <summary>Nothing: the client's authority goes upstream.</summary>
    None,

    /// <summary>Host and port.</summary>
    Full,

    /// <summary>The host only.</summary>
    Host,

    /// <summary>The port only.</summary>
    Port,
}

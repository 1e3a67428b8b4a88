using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the authority of a request or redirect is changed.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="Value">Authority or host for <see cref="AuthorityRewriteKind.Full"/> and <see cref="AuthorityRewriteKind.Host"/>; else empty.</param>
/// <param name="Port">Port for <see cref="AuthorityRewriteKind.Port"/>; else 0.</param>
public sealed record AuthorityRewrite(AuthorityRewriteKind Kind, string Value = "", int Port = 0)
{
    internal static Shape<AuthorityRewrite> Shape { get; } = Shapes.ByKind(
        scalar: Shapes.Enum(("auto", AuthorityRewriteKind.Auto), ("none", AuthorityRewriteKind.None)).As(static kind => new AuthorityRewrite(kind)),
        mapping: Shapes.Object("AuthorityRewrite", "How the authority is changed.", static r =>
        {
            var full = r.Optional("full", HeaderShapes.Authority, "The whole authority, with port.", "example.com:8080");
            var host = r.Optional("host", HeaderShapes.Host, "The host; the port stays.", "example.com");
            var port = r.OptionalValue("port", Shapes.Int(1, 65535, "8443"), "The port; the host stays.");
            r.ExactlyOne("full", "host", "port");
            return full is not null ? new AuthorityRewrite(AuthorityRewriteKind.Full, full)
                : host is not null ? new AuthorityRewrite(AuthorityRewriteKind.Host, host)
                : new AuthorityRewrite(AuthorityRewriteKind.Port, Port: port ?? 0);
        }));
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

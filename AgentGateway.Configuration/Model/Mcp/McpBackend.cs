using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>MCP servers behind one endpoint as written.</summary>
internal sealed record McpBackend
{
    public static Shape<McpBackend> Shape { get; } = Shapes.Object("McpBackend", "MCP servers behind one MCP endpoint.", Read);

    public EquatableArray<McpTarget> Targets { get; init; }

    public bool Stateful { get; init; }

    public McpPrefixMode PrefixMode { get; init; }

    public bool FailOpen { get; init; }

    public bool DnsRebindingProtection { get; init; }

    public static McpBackend Read(ObjectReader r) => new()
    {
        Targets = r.Required("targets", Shapes.List(McpTarget.Shape), "Upstream MCP servers."),
        Stateful = r.Value("statefulMode", Shapes.Enum(("stateful", true), ("stateless", false)), true, "Whether the gateway keeps a session for each client.", "stateful"),
        PrefixMode = r.Value(
            "prefixMode",
            Shapes.Enum(("conditional", McpPrefixMode.Conditional), ("always", McpPrefixMode.Always), ("never", McpPrefixMode.Never)),
            McpPrefixMode.Conditional,
            "When names carry the name of their target; `conditional`: with more than one target.",
            "conditional"),
        FailOpen = r.Value("failureMode", Shapes.Enum(("failClosed", false), ("failOpen", true)), false, "Whether a failing target fails the request or is left out.", "failClosed"),
        DnsRebindingProtection = r.Flag("dnsRebindingProtection", false, "Accept only localhost in `Host` and `Origin`."),
    };
}

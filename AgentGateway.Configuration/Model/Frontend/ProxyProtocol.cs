using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Frontend;

namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>PROXY protocol in front of connections.</summary>
internal sealed record ProxyProtocol
{
    internal static Shape<ProxyProtocol> Shape { get; } = Shapes.Object("ProxyProtocol", "PROXY protocol in front of connections.", Read);

    /// <summary>Version that is accepted.</summary>
    public ProxyProtocolVersion Version { get; init; }

    /// <summary>Whether it must be there.</summary>
    public ProxyProtocolMode Mode { get; init; }

    private static ProxyProtocol Read(ObjectReader r) => new()
    {
        Version = r.Value("version", EnumShapes.ProxyProtocolVersionWords, ProxyProtocolVersion.V2, "Version that is accepted.", "v2"),
        Mode = r.Value("mode", EnumShapes.ProxyProtocolModeWords, ProxyProtocolMode.Strict, "Whether it must be there.", "strict"),
    };

    public ProxyProtocolSnapshot ToSnapshot() => new(
        Version is ProxyProtocolVersion.V1 or ProxyProtocolVersion.All,
        Version is ProxyProtocolVersion.V2 or ProxyProtocolVersion.All,
        Mode == ProxyProtocolMode.Optional);
}

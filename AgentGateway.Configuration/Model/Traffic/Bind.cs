using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A port with its listeners.</summary>
internal sealed record Bind
{
    private static readonly Shape<TunnelProtocol?> Tunnel = Shapes.Enum<TunnelProtocol?>(
        ("direct", TunnelProtocol.Direct), ("connect", TunnelProtocol.Connect), ("proxy", TunnelProtocol.Proxy),
        ("hboneWaypoint", null), ("hboneGateway", null));

    public static Shape<Bind> Shape { get; } = Shapes.Object("Bind", "A TCP port and the listeners that share it.", static r => new Bind
    {
        At = r.Location,
        PortAt = r.At("port"),
        Port = r.OptionalValue("port", Shapes.Port, "TCP port; needed unless `mode` is `internal`."),
        Listeners = r.Required("listeners", Shapes.List(Listener.Shape), "Listeners of the port; may be empty.", "[{routes: []}]"),
        TunnelProtocol = ReadTunnel(r),
        Internal = r.Value("mode", Shapes.Enum(("standard", false), ("internal", true)), false, "`internal` opens no socket: reached by CONNECT tunnels only.", "standard"),
    });

    public required SourceLocation At { get; init; }

    public required SourceLocation PortAt { get; init; }

    public int? Port { get; init; }

    public EquatableArray<Listener> Listeners { get; init; }

    public TunnelProtocol TunnelProtocol { get; init; }

    public bool Internal { get; init; }

    private static TunnelProtocol ReadTunnel(ObjectReader r)
    {
        var tunnel = r.Value("tunnelProtocol", Tunnel, TunnelProtocol.Direct, "What connections carry in front of HTTP or TLS; HBONE belongs to a service mesh.", "direct");
        if (tunnel is null)
        {
            r.NotSupportedYet("tunnelProtocol");
        }

        return tunnel ?? TunnelProtocol.Direct;
    }
}

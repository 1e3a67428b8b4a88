using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A named listener, or a port with several named listeners.</summary>
internal sealed record Gateway
{
    public static Shape<Gateway> Shape { get; } = Shapes.Object("Gateway", "A named listener, or a port with several named listeners.", static r => new Gateway
    {
        PortAt = r.At("port"),
        ListenersAt = r.At("listeners"),
        Port = r.OptionalValue("port", Shapes.Port, "TCP port; required.", "4000"),
        Listeners = r.OptionalValue("listeners", Shapes.List(Shapes.Object("GatewayListener", "A host name on a gateway's port.", static l => ReadListener(l, named: true))), "Several host names on the port."),
        Own = ReadListener(r, named: false),
    });

    public required SourceLocation PortAt { get; init; }

    public required SourceLocation ListenersAt { get; init; }

    public int? Port { get; init; }

    public EquatableArray<GatewayListener>? Listeners { get; init; }

    /// <summary>The settings of the gateway itself, which make one listener when there is no list.</summary>
    public required GatewayListener Own { get; init; }

    private static GatewayListener ReadListener(ObjectReader r, bool named)
    {
        var name = named ? r.Optional("name", Shapes.NonEmptyText, "Name; others refer to it as `gateway/name`.", "public") : null;
        var hostname = named ? r.Value("hostname", TrafficShapes.Hostname, "", "Exact host name, `*.suffix`, or `*` for any.", "*") : "";
        var protocol = r.OptionalValue("protocol", Listener.ProtocolShape, "Wire protocol; HTTP, or HTTPS when `tls` is set.", "HTTP", "HTTP");
        var tls = r.Optional("tls", ServerTlsShape.Shape, "Certificates, for HTTPS and for TLS that ends here.", "{cert: certs/cert.pem, key: certs/key.pem}");
        var listener = new GatewayListener
        {
            At = r.Location,
            NameAt = r.At("name"),
            Name = name,
            Hostname = hostname,
            Protocol = protocol ?? (r.IsSet("tls") ? ListenerProtocol.Https : ListenerProtocol.Http),
            ProtocolAt = r.At("protocol"),
            Tls = tls,
            Policies = r.Spread("GatewayPolicies", static g => PolicySetShapes.Read(g, PolicySetShapes.GatewayKeys)),
            IsSet = r.IsSet("protocol") || r.IsSet("tls") || PolicySetShapes.GatewayKeys.Any(k => r.IsSet(k.Key)),
        };
        switch (listener.Protocol)
        {
            case var _ when r.IsWrong("protocol"):
                break;
            case ListenerProtocol.Http or ListenerProtocol.Tcp when r.IsSet("tls"):
                r.Error("tls", $"protocol {listener.Protocol.ToString().ToUpperInvariant()} cannot set tls; choose {(listener.Protocol == ListenerProtocol.Http ? "HTTPS" : "TLS")}, or remove it");
                break;
            case ListenerProtocol.Https when !r.IsSet("tls"):
                r.Error("protocol", "protocol HTTPS requires tls");
                break;
        }

        return listener;
    }
}

/// <summary>A listener of a gateway.</summary>
internal sealed record GatewayListener
{
    public required SourceLocation At { get; init; }

    public required SourceLocation NameAt { get; init; }

    public required SourceLocation ProtocolAt { get; init; }

    public string? Name { get; init; }

    public string Hostname { get; init; } = "";

    public ListenerProtocol Protocol { get; init; }

    public ServerTls? Tls { get; init; }

    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>True when protocol, TLS or a policy is written.</summary>
    public bool IsSet { get; init; }

    /// <summary>True for protocols that carry HTTP.</summary>
    public bool IsHttp => Protocol is ListenerProtocol.Http or ListenerProtocol.Https;

    /// <summary>True for protocols over TLS.</summary>
    public bool IsTls => Protocol is ListenerProtocol.Https or ListenerProtocol.Tls;
}

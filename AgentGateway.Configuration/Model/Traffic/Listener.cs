using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A host name on a port.</summary>
internal sealed record Listener
{
    public static Shape<ListenerProtocol> ProtocolShape { get; } = Shapes.Enum(
        ("HTTP", ListenerProtocol.Http), ("HTTPS", ListenerProtocol.Https), ("TCP", ListenerProtocol.Tcp), ("TLS", ListenerProtocol.Tls));

    private static readonly Shape<ListenerProtocol?> WithHbone = Shapes.Enum<ListenerProtocol?>(
        ("HTTP", ListenerProtocol.Http), ("HTTPS", ListenerProtocol.Https), ("TCP", ListenerProtocol.Tcp), ("TLS", ListenerProtocol.Tls), ("HBONE", null));

    public static Shape<Listener> Shape { get; } = Shapes.Object("Listener", "A host name on a port, with its protocol and routes.", Read);

    public required SourceLocation At { get; init; }

    public required SourceLocation NameAt { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string Hostname { get; init; } = "";

    public ListenerProtocol Protocol { get; init; }

    public ServerTls? Tls { get; init; }

    public EquatableArray<Route> Routes { get; init; }

    public EquatableArray<TcpRoute> TcpRoutes { get; init; }

    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    private static Listener Read(ObjectReader r)
    {
        var protocol = r.Value("protocol", WithHbone, ListenerProtocol.Http, "Wire protocol; HBONE belongs to a service mesh.", "HTTP");
        if (protocol is null)
        {
            r.NotSupportedYet("protocol");
        }

        var listener = new Listener
        {
            At = r.Location,
            NameAt = r.At("name"),
            Name = r.Optional("name", Shapes.NonEmptyText, "Name in logs, metrics and spans; `listener<index>` by default.", "web"),
            Namespace = r.Optional("namespace", Shapes.NonEmptyText, "Namespace of the name; the gateway's by default.", "default"),
            Hostname = r.Value("hostname", TrafficShapes.Hostname, "", "Exact host name, `*.suffix`, or empty for any host.", "\"\""),
            Protocol = protocol ?? ListenerProtocol.Http,
            Tls = r.Optional("tls", ServerTlsShape.Shape, "Certificates, for HTTPS and for TLS that ends here.", "{cert: certs/cert.pem, key: certs/key.pem}"),
            Routes = r.List("routes", Route.Shape, "HTTP routes, for HTTP and HTTPS."),
            TcpRoutes = r.List("tcpRoutes", TcpRoute.Shape, "TCP routes, for TCP and TLS."),
            Policies = r.Value("policies", PolicySetShapes.Gateway, [], "Policies that run before a route is chosen.", "{}"),
        };
        if (protocol is { } known && !r.IsWrong("protocol"))
        {
            Check(r, known);
        }

        return listener;
    }

    private static void Check(ObjectReader r, ListenerProtocol protocol)
    {
        var name = r.Describing ? "" : protocol.ToString().ToUpperInvariant();
        if (r.IsSet("routes") && r.IsSet("tcpRoutes"))
        {
            r.Error("tcpRoutes", "only 'routes' or 'tcpRoutes' may be set; remove one of the two");
        }
        else if (protocol is ListenerProtocol.Http or ListenerProtocol.Https && !r.IsSet("routes"))
        {
            r.Error(r.IsSet("tcpRoutes") ? "tcpRoutes" : "protocol", $"protocol {name} requires 'routes'; an empty list is enough");
        }
        else if (protocol is ListenerProtocol.Tcp or ListenerProtocol.Tls && !r.IsSet("tcpRoutes"))
        {
            r.Error(r.IsSet("routes") ? "routes" : "protocol", $"protocol {name} requires 'tcpRoutes'; an empty list is enough");
        }

        if (protocol == ListenerProtocol.Https && !r.IsSet("tls"))
        {
            r.Error("protocol", "HTTPS listener requires 'tls'");
        }
        else if (protocol is ListenerProtocol.Http or ListenerProtocol.Tcp && r.IsSet("tls"))
        {
            r.Error("tls", $"protocol {name} cannot set tls; choose {(protocol == ListenerProtocol.Http ? "HTTPS" : "TLS")}, or remove it");
        }
    }
}

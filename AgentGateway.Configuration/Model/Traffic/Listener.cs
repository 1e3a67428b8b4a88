using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A host name on a port.</summary>
internal sealed record Listener
{
    public static Shape<ListenerProtocol> ProtocolShape { get; } = Shapes.Enum(
        ("HTTP", ListenerProtocol.Http), ("HTTPS", ListenerProtocol.Https), ("TCP", ListenerProtocol.Tcp), ("TLS", ListenerProtocol.Tls));

    public static Shape<Listener> Shape { get; } = Shapes.Object("Listener", "A host name on a port, with its protocol and routes.", static r => new Listener
    {
        At = r.Location,
        Name = r.Optional("name", Shapes.NonEmptyText, "Name in logs, metrics and spans; `listener<index>` by default.", "web"),
        Hostname = r.TextOr("hostname", "", "Exact host name, `*.suffix`, or empty for any host."),
        Protocol = r.Value("protocol", ProtocolShape, ListenerProtocol.Http, "Wire protocol.", "HTTP"),
        Routes = r.List("routes", Route.Shape, "HTTP routes."),
    });

    public required SourceLocation At { get; init; }

    public string? Name { get; init; }

    public string Hostname { get; init; } = "";

    public ListenerProtocol Protocol { get; init; }

    public EquatableArray<Route> Routes { get; init; }
}

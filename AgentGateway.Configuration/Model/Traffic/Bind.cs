using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A port with its listeners.</summary>
internal sealed record Bind
{
    public static Shape<Bind> Shape { get; } = Shapes.Object("Bind", "A TCP port and the listeners that share it.", static r => new Bind
    {
        At = r.Location,
        PortAt = r.At("port"),
        Port = r.OptionalValue("port", Shapes.Port, "TCP port."),
        Listeners = r.Required("listeners", Shapes.List(Listener.Shape), "Listeners of the port; may be empty."),
    });

    public required SourceLocation At { get; init; }

    public required SourceLocation PortAt { get; init; }

    public int? Port { get; init; }

    public EquatableArray<Listener> Listeners { get; init; }
}

using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A service of the registry.</summary>
public sealed record ServiceReference
{
    internal static Shape<ServiceReference> Shape { get; } = Shapes.Object("ServiceReference", "A service of the registry.", Read);

    /// <summary><c>namespace/host</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Port of the service.</summary>
    public required int Port { get; init; }

    private static ServiceReference Read(ObjectReader r) => new()
    {
        Name = r.Required("name", ValueShapes.ServiceName, "`namespace/host`.", "default/my-service"),
        Port = r.Required("port", Shapes.Int(1, 65535, "8080"), "Port of the service."),
    };
}

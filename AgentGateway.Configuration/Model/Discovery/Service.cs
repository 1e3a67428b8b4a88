using System.Globalization;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Discovery;

/// <summary>A service of the registry as written.</summary>
internal sealed record Service
{
    public static Shape<Service> Shape { get; } = Shapes.Object("Service", "A service of the registry.", static r =>
    {
        var service = new Service
        {
            NameAt = r.At("name"),
            Name = r.RequiredText("name", "Name.", "my-service"),
            Namespace = r.RequiredText("namespace", "Namespace.", "default"),
            Hostname = r.RequiredText("hostname", "Host name that routes refer to.", "my-service"),
            Ports = r.Value(
                "ports", Shapes.Map(Shapes.Int(0, 65535, "8080"), "8080", CheckPort), EquatableMap<int>.Empty, "Port of the endpoints for each port of the service; 0 keeps it.", "{}"),
        };
        r.List("vips", Shapes.Text, "Virtual addresses; without effect here.", "[]");
        foreach (var key in (ReadOnlySpan<string>)["subjectAltNames", "waypoint", "weightedWaypoints", "ingressUseWaypoint", "loadBalancer", "ipFamilies", "appProtocols", "canonical"])
        {
            r.Optional(key, Shapes.AnyJson, "Mesh setting; without effect here.");
        }

        return service;
    });

    public required SourceLocation NameAt { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public required string Hostname { get; init; }

    public EquatableMap<int> Ports { get; init; } = EquatableMap<int>.Empty;

    public static string? CheckPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? null : "write a port from 1 to 65535";
}

using System.Net;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Discovery;

/// <summary>An endpoint of services of the registry as written.</summary>
internal sealed record Workload
{
    private static readonly Shape<string> Ip = Shapes.TextWith("IP address", "10.0.0.1", static (text, place) => IPAddress.TryParse(text, out _) ? null : "write an IP address");

    private static readonly Shape<string> ServiceKey = Shapes.Text;

    public static Shape<Workload> Shape { get; } = Shapes.Object("Workload", "An endpoint of services of the registry.", static r =>
    {
        var workload = new Workload
        {
            ServicesAt = r.At("services"),
            Uid = r.Text("uid", "Unique name; `name` by default.", "my-service-1"),
            Name = r.Text("name", "Name.", "my-service-1"),
            Addresses = r.List("workloadIps", Ip, "Addresses.", "[10.0.0.1]"),
            Hostname = r.Text("hostname", "Host name, when there are no addresses.", "my-service-1.internal"),
            Healthy = r.Value("status", Shapes.Enum(("Healthy", true), ("Unhealthy", false)), true, "Whether it is used.", "Healthy"),
            Services = r.Map("services", Shapes.Map(Shapes.Int(0, 65535, "8080"), "8080", Service.CheckPort), "Ports by service, which is written as `namespace/hostname`.", "default/my-service"),
            Capacity = r.Value("capacity", Shapes.Int(0, 1_000_000, "1"), 1, "Relative weight.", "1"),
        };
        foreach (var key in (ReadOnlySpan<string>)
            ["namespace", "trustDomain", "serviceAccount", "network", "networkGateway", "networkMode", "protocol", "workloadName", "workloadType", "canonicalName",
             "canonicalRevision", "clusterId", "node", "locality", "authorizationPolicies", "nativeTunnel", "waypoint", "gatewayAddress", "hboneMtlsPort"])
        {
            r.Optional(key, Shapes.AnyJson, "Mesh setting; without effect here.");
        }

        return workload;
    });

    public required SourceLocation ServicesAt { get; init; }

    public string? Uid { get; init; }

    public string? Name { get; init; }

    public EquatableArray<string> Addresses { get; init; }

    public string? Hostname { get; init; }

    public bool Healthy { get; init; } = true;

    public EquatableMap<EquatableMap<int>> Services { get; init; } = EquatableMap<EquatableMap<int>>.Empty;

    public int Capacity { get; init; } = 1;
}

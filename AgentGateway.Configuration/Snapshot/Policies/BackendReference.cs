using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A backend that a policy talks to. Exactly one of host, backend and service is set.</summary>
public sealed record BackendReference
{
    internal static Shape<BackendReference> Shape { get; } = Shapes.Object("BackendReference", "A backend that a policy talks to.", static r => ReadInline(r));

    /// <summary>Address of a plain upstream.</summary>
    public TargetAddress? Host { get; init; }

    /// <summary>True when the host was given as <c>https://</c>: TLS against the system's roots, unless <c>backendTLS</c> says more.</summary>
    public bool Tls { get; init; }

    /// <summary>Runtime key of a named backend: <c>/</c> and its name.</summary>
    public string? Backend { get; init; }

    /// <summary>A service of the registry.</summary>
    public ServiceReference? Service { get; init; }

    /// <summary>The address, key or service for logs.</summary>
    public override string ToString() => Host?.ToString() ?? Backend ?? (Service is null ? "" : $"{Service.Name}:{Service.Port}");

    /// <summary>Reads the keys among others of a policy.</summary>
    internal static BackendReference ReadInline(ObjectReader r, string? alternative = null)
    {
        var host = r.OptionalValue("host", HostOrUrlShape.Shape, "Upstream as `host:port`, or as URL without path; https adds TLS.", "localhost:9000");
        var backend = r.Optional("backend", Shapes.NonEmptyText, "Name of an entry of `backends`, with or without a leading `/`.", "/shared");
        var service = r.Optional("service", ServiceReference.Shape, "A service of the registry.");
        r.ExactlyOne(alternative is null ? ["host", "backend", "service"] : ["host", "backend", "service", alternative]);
        if (!r.Describing && backend is not null)
        {
            r.Context.BackendReferences.Add(new Located<string>(backend, r.At("backend")));
        }

        if (!r.Describing && service is not null)
        {
            r.Context.ServiceReferences.Add(new Located<ServiceReference>(service, r.At("service")));
        }

        return new BackendReference
        {
            Host = host?.Address,
            Tls = host?.Tls ?? false,
            Backend = backend is null ? null : "/" + backend.TrimStart('/'),
            Service = service,
        };
    }
}

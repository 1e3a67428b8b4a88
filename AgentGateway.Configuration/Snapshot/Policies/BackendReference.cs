namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A backend that a policy talks to. Exactly one of host, backend and service is set.</summary>
public sealed record BackendReference
{

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

}

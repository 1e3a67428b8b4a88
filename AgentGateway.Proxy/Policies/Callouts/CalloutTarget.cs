using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>The service that a policy calls, by address or by the name of a backend.</summary>
internal sealed class CalloutTarget
{
    private readonly BackendReference _reference;
    private volatile CalloutClient? _client;

    /// <exception cref="FormatException">The reference or one of its policies cannot be used for calls of policies.</exception>
    public CalloutTarget(BackendReference reference, EquatableArray<PolicySnapshot> policies, string policyName)
    {
        if (reference.Service is not null)
        {
            throw new FormatException($"{policyName}: a service reference is not supported here; use host or backend");
        }

        foreach (var policy in policies)
        {
            throw new FormatException($"{policyName}: {policy.Kind.Name} is not supported in the policies of a called service");
        }

        _reference = reference;
    }

    public override string ToString() => _reference.ToString();

    /// <summary>The client of the service.</summary>
    /// <exception cref="CalloutException">The named backend does not exist or is of another kind.</exception>
    public CalloutClient ClientFor(RequestContext context)
    {
        if (_client is { } client)
        {
            return client;
        }

        var (target, tls) = _reference.Host is { } host ? (host, _reference.Tls)
            : context.Runtime.Snapshot.Backends.TryGetValue(_reference.Backend ?? "", out var backend) && backend is HostBackendSnapshot plain ? (plain.Target, false)
            : throw new CalloutException($"backend {_reference.Backend} does not exist or is no host");
        return _client = context.Services.CalloutClients.Get(target, tls ? new BackendTlsOptions() : null);
    }
}

using System.Collections.Immutable;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Routing;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>The service that a policy calls, by address or by the name of a backend, with the policies of the connection to it.</summary>
internal sealed class CalloutTarget
{
    private readonly BackendReference _reference;
    private readonly EquatableArray<PolicySnapshot> _policies;
    private readonly GatewayServices _services;
    private readonly string _policyName;
    private readonly Connection? _fixed;
    private volatile Connection? _named;

    /// <exception cref="NotSupportedException">The reference or one of its policies cannot be used for calls of policies.</exception>
    public CalloutTarget(BackendReference reference, EquatableArray<PolicySnapshot> policies, string policyName, GatewayServices services)
    {
        if (reference.Service is not null)
        {
            throw new NotSupportedException($"{policyName}: a service reference is not supported here; use host or backend");
        }

        _reference = reference;
        _policies = policies;
        _services = services;
        _policyName = policyName;
        if (reference.Host is { } host)
        {
            _fixed = Connect(host, reference.Tls, policies, GatewaySnapshot.Empty);
        }
    }

    public override string ToString() => _reference.ToString();

    /// <summary>The client of the service.</summary>
    /// <exception cref="CalloutException">The named backend does not exist or is of another kind.</exception>
    public CalloutClient ClientFor(RequestContext context) => ConnectionFor(context).Client;

    /// <summary>Longest time of a call (<c>policies.http.requestTimeout</c>); null leaves the policy's own.</summary>
    public TimeSpan? TimeoutFor(RequestContext context) => ConnectionFor(context).Timeout;

    /// <summary>Has the policies of the connection act on a request to the service.</summary>
    /// <exception cref="CalloutException">A policy refused.</exception>
    public async ValueTask ApplyAsync(RequestContext context, HttpRequestMessage request)
    {
        var connection = ConnectionFor(context);
        if (connection.Client.Version is { } version)
        {
            request.Version = version;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        if (await MessagePolicies.ApplyAsync(context, connection.Policies, request) is { } reply)
        {
            throw new CalloutException(reply.Error ?? "a policy of the connection refused the call");
        }
    }

    /// <summary>Has the policies of the connection act on a gRPC call to the service.</summary>
    /// <exception cref="CalloutException">A policy refused.</exception>
    public async ValueTask ApplyAsync(RequestContext context, string path, Metadata metadata)
    {
        var connection = ConnectionFor(context);
        if (connection.Policies.IsEmpty)
        {
            return;
        }

        var headers = new HeaderDictionary();
        foreach (var entry in metadata)
        {
            headers.Append(entry.Key, entry.Value);
        }

        var attempt = new UpstreamRequest { Method = "POST", Target = path, Host = connection.Client.Address.Authority, Headers = headers };
        foreach (var policy in connection.Policies)
        {
            if (await policy.ApplyAsync(context, attempt) is { } reply)
            {
                throw new CalloutException(reply.Error ?? "a policy of the connection refused the call");
            }
        }

        metadata.Clear();
        foreach (var (name, values) in attempt.Headers)
        {
            foreach (var value in values)
            {
                metadata.Add(name.ToLowerInvariant(), value ?? "");
            }
        }
    }

    private Connection ConnectionFor(RequestContext context)
    {
        if ((_fixed ?? _named) is { } known)
        {
            return known;
        }

        var snapshot = context.Runtime.Snapshot;
        if (!snapshot.Backends.TryGetValue(_reference.Backend ?? "", out var backend) || backend is not HostBackendSnapshot plain)
        {
            throw new CalloutException($"backend {_reference.Backend} does not exist or is no host");
        }

        try
        {
            return _named = Connect(plain.Target, tls: false, PolicySets.Merge(plain.Policies, _policies), snapshot);
        }
        catch (Exception error) when (error is FormatException or NotSupportedException or IOException)
        {
            throw new CalloutException($"the policies of backend {_reference.Backend} cannot be used here: {error.Message}", error);
        }
    }

    private Connection Connect(TargetAddress target, bool tls, EquatableArray<PolicySnapshot> policies, GatewaySnapshot snapshot)
    {
        if (tls)
        {
            policies = PolicySets.Merge([new BackendTls()], policies);
        }

        TimeSpan? timeout = null;
        foreach (var policy in policies)
        {
            switch (policy)
            {
                case BackendHttp http:
                    timeout = http.RequestTimeout is { } limit ? TimeLimit.Of(limit) : null;
                    break;
                case BackendAuth { Aws: not null } when _policyName is "remoteRateLimit":
                    throw new NotSupportedException($"{_policyName}: a gRPC call cannot be signed for AWS");
                case HealthPolicy or A2aPolicy or McpAuthorizationPolicy:
                    throw new NotSupportedException($"{_policyName}: {policy.Kind.Name} is not supported for a called service");
            }
        }

        var scope = new PolicyScope(_services, PolicyStage.Backend, _policyName);
        var options = BackendTransports.Compile(_services.Settings.Upstream, policies, snapshot);
        return new Connection(
            _services.CalloutClients.Get(target, options),
            ImmutableArray.Create(PolicyChain.Compile<IBackendPolicy>(policies, scope)),
            timeout);
    }

    private sealed record Connection(CalloutClient Client, ImmutableArray<IBackendPolicy> Policies, TimeSpan? Timeout);
}

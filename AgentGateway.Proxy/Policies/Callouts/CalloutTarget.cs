using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Routing;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>The service that a policy calls, by address, by the name of a backend or by that of a service of the registry, with the policies of the connection to it.</summary>
internal sealed class CalloutTarget
{
    private readonly BackendReference _reference;
    private readonly EquatableArray<PolicySnapshot> _policies;
    private readonly GatewayServices _services;
    private readonly string _policyName;
    private readonly Connection? _fixed;
    private volatile Connection? _named;

    // Of a service: its endpoints that were called, held so that their connections last as long as the policy.
    private readonly ConcurrentDictionary<TargetAddress, CalloutClient> _endpoints = new();

    /// <exception cref="NotSupportedException">The reference or one of its policies cannot be used for calls of policies.</exception>
    public CalloutTarget(BackendReference reference, EquatableArray<PolicySnapshot> policies, string policyName, GatewayServices services)
    {
        _reference = reference;
        _policies = policies;
        _services = services;
        _policyName = policyName;
        if (reference.Host is { } host)
        {
            _fixed = Connect(host, null, reference.Tls, policies, GatewaySnapshot.Empty);
        }
    }

    public override string ToString() => _reference.ToString();

    /// <summary>The client of the service.</summary>
    /// <exception cref="CalloutException">The named backend does not exist or is of another kind.</exception>
    public CalloutClient ClientFor(RequestContext context)
    {
        var connection = ConnectionFor(context);
        if (connection.Client is { } client)
        {
            return client;
        }

        var endpoint = connection.Service!.PickEndpoint() ?? throw new CalloutException($"the service {_reference} has no endpoint");
        return _endpoints.GetOrAdd(endpoint, static (target, made) => made.Clients.Get(target, made.Options), (Clients: _services.CalloutClients, connection.Options));
    }

    /// <summary>Longest time of a call (<c>policies.http.requestTimeout</c>); null leaves the policy's own.</summary>
    public TimeSpan? TimeoutFor(RequestContext context) => ConnectionFor(context).Timeout;

    /// <summary>Has the policies of the connection act on a request to the service.</summary>
    /// <exception cref="CalloutException">A policy refused.</exception>
    public async ValueTask ApplyAsync(RequestContext context, HttpRequestMessage request)
    {
        var connection = ConnectionFor(context);
        if (connection.Options.HttpVersion is { } version)
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

        var attempt = new UpstreamRequest { Method = "POST", Target = path, Host = connection.Authority, Headers = headers };
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
        if (_reference.Service is { } service)
        {
            return _named = ConnectService(service, snapshot);
        }

        if (!snapshot.Backends.TryGetValue(_reference.Backend ?? "", out var backend) || backend is not HostBackendSnapshot plain)
        {
            throw new CalloutException($"backend {_reference.Backend} does not exist or is no host");
        }

        try
        {
            return _named = Connect(plain.Target, null, tls: false, PolicySets.Merge(plain.Policies, _policies), snapshot);
        }
        catch (Exception error) when (error is FormatException or NotSupportedException or IOException)
        {
            throw new CalloutException($"the policies of backend {_reference.Backend} cannot be used here: {error.Message}", error);
        }
    }

    private Connection ConnectService(ServiceReference reference, GatewaySnapshot snapshot)
    {
        var slash = reference.Name.IndexOf('/', StringComparison.Ordinal);
        var service = ServiceTargetSnapshot.Of(
            new ServiceBackendSnapshot { Key = reference.Name, Namespace = reference.Name[..slash], Hostname = reference.Name[(slash + 1)..], Port = reference.Port }, snapshot);
        if (service.Service is null)
        {
            throw new CalloutException($"service {_reference} does not exist");
        }

        try
        {
            return Connect(null, service, tls: false, _policies, snapshot);
        }
        catch (Exception error) when (error is FormatException or NotSupportedException or IOException)
        {
            throw new CalloutException($"the policies of service {_reference} cannot be used here: {error.Message}", error);
        }
    }

    private Connection Connect(TargetAddress? target, ServiceTargetSnapshot? service, bool tls, EquatableArray<PolicySnapshot> policies, GatewaySnapshot snapshot)
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
        var client = target is null ? null : _services.CalloutClients.Get(target, options);
        return new Connection(
            client,
            service,
            client?.Address.Authority ?? $"{service!.Service!.Hostname}:{service.Port}",
            options,
            ImmutableArray.Create(PolicyChain.Compile<IBackendPolicy>(policies, scope)),
            timeout);
    }

    // Of one address, or of a service, whose endpoints have clients of their own.
    private sealed record Connection(
        CalloutClient? Client, ServiceTargetSnapshot? Service, string Authority, TransportOptions Options, ImmutableArray<IBackendPolicy> Policies, TimeSpan? Timeout);
}

using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Named backends, and the making of all others.</summary>
internal sealed class BackendTable
{
    private readonly ConfigurationDocument _document;
    private readonly ReadContext _context;
    private readonly PolicyTargets _targets;
    private readonly OrderedDictionary<string, BackendSnapshot> _named = new(StringComparer.Ordinal);

    public BackendTable(ConfigurationDocument document, ReadContext context, PolicyTargets targets)
    {
        _document = document;
        _context = context;
        _targets = targets;

        // MCP targets refer to plain backends, so those come first.
        foreach (var mcp in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (var backend in document.Backends)
            {
                if (mcp == backend.Mcp is not null)
                {
                    AddNamed(backend);
                }
            }
        }

        Named = new EquatableMap<BackendSnapshot>(_named);
        Services = new ServiceRegistry(document, context).ToSnapshots();
    }

    public EquatableMap<BackendSnapshot> Named { get; }

    public EquatableArray<ServiceSnapshot> Services { get; }

    /// <summary>Finds a named backend; <c>name</c> and <c>/name</c> are the same.</summary>
    public BackendSnapshot? Find(string reference) => _named.GetValueOrDefault("/" + reference.TrimStart('/'));

    /// <summary>Reports references of policies to backends and services that do not exist.</summary>
    public void CheckReferences()
    {
        foreach (var reference in _context.BackendReferences)
        {
            Resolve(reference);
        }

        foreach (var reference in _context.ServiceReferences)
        {
            if (reference.Value.Name.Length == 0)
            {
                // No service name at all: its reader has said so.
                continue;
            }

            var service = Services.FirstOrDefault(s => $"{s.Namespace}/{s.Hostname}" == reference.Value.Name);
            if (service is null && _document.Services.IsEmpty && !_context.Options.ForRuntime)
            {
                // A document may leave its services to the place where it runs.
                var at = reference.At.Key("name");
                _context.Warning(at.Path, at.Position, $"unknown service `{Quoting.Shorten(reference.Value.Name)}`: this document lists no `services`; to run it, add them");
            }
            else if (service is null)
            {
                _context.SemanticError(reference.At.Key("name"), $"unknown service `{Quoting.Shorten(reference.Value.Name)}`; add it to `services`");
            }
            else if (!service.Ports.ContainsKey(reference.Value.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            {
                _context.SemanticError(reference.At.Key("port"), $"service `{Quoting.Shorten(reference.Value.Name)}` has no port {reference.Value.Port}");
            }
        }
    }

    /// <summary>Makes the backend of a route's choice; null when it is not known, which is reported.</summary>
    public BackendSnapshot? Create(RouteBackend choice, string key)
    {
        if (choice.Backend is { } reference)
        {
            return Resolve(reference);
        }

        if (choice.Service is { } service)
        {
            var slash = service.Name.IndexOf('/', StringComparison.Ordinal);
            var (@namespace, hostname) = (service.Name[..Math.Max(0, slash)], service.Name[(slash + 1)..]);
            return new ServiceBackendSnapshot
            {
                Key = key,
                Namespace = @namespace,
                Hostname = hostname,
                Port = service.Port,
                Policies = _targets.ForService(@namespace, hostname, service.Port),
            };
        }

        if (choice.Dynamic is { } target)
        {
            return new DynamicBackendSnapshot { Key = key, Target = target.Target };
        }

        if (choice.RouteGroup is { } group)
        {
            return new RouteGroupBackendSnapshot { Key = key, Group = group.Value };
        }

        return Create(key, choice.Host, choice.Mcp, choice.Ai, choice.Aws, choice.Internal, [], null);
    }

    /// <summary>Makes an MCP backend.</summary>
    public McpBackendSnapshot CreateMcp(McpBackend mcp, string key, string? name, EquatableArray<PolicySnapshot> policies)
    {
        var targets = new List<McpTargetSnapshot>(mcp.Targets.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in mcp.Targets)
        {
            if (!names.Add(target.Name))
            {
                _context.SemanticError(target.NameAt, $"duplicate target name `{Quoting.Shorten(target.Name)}`; names of targets must be unique");
            }

            if (names.Count == McpBackendSnapshot.MostTargets + 1 && targets.Count == McpBackendSnapshot.MostTargets)
            {
                _context.SemanticError(target.NameAt, $"more than {McpBackendSnapshot.MostTargets} targets in an MCP backend; make it several backends");
            }

            if (ToTarget(target, name) is { } snapshot)
            {
                targets.Add(snapshot);
            }
        }

        return new McpBackendSnapshot
        {
            Key = key,
            Policies = policies,
            Targets = [.. targets],
            SessionIdleTimeout = _document.Config.McpSessionIdleTimeout,
            Stateful = mcp.Stateful,
            PrefixMode = mcp.PrefixMode,
            FailOpen = mcp.FailOpen,
            DnsRebindingProtection = mcp.DnsRebindingProtection,
        };
    }

    private void AddNamed(NamedBackend backend)
    {
        var name = backend.Name.TrimStart('/');
        var policies = PolicySets.Merge(_targets.ForBackend(name, null), backend.Policies);
        var snapshot = Create($"/{name}", backend.Host, backend.Mcp, backend.Ai, backend.Aws, backend.Internal, policies, name);
        ConnectionPolicyCheck.Check(_context, snapshot, backend.Policies, backend.At.Key("policies"), ofRoute: false);
        if (snapshot is not null && !_named.TryAdd($"/{name}", snapshot))
        {
            _context.SemanticError(backend.NameAt, $"duplicate backend name `{Quoting.Shorten(name)}`; names must be unique");
        }
    }

    private BackendSnapshot? Resolve(Located<string> reference)
    {
        var backend = Find(reference.Value);
        if (backend is null && reference.Value.Length > 0)
        {
            _context.SemanticError(reference.At, $"unknown backend `{Quoting.Shorten(reference.Value)}`; add an entry of this name to `backends`");
        }

        return backend;
    }

    private BackendSnapshot? Create(
        string key, TargetAddress? host, McpBackend? mcp, AiBackend? ai, AwsBackend? aws, string? @internal, EquatableArray<PolicySnapshot> policies, string? name)
    {
        if (host is not null)
        {
            return new HostBackendSnapshot { Key = key, Target = host, Policies = policies };
        }

        if (mcp is not null)
        {
            return CreateMcp(mcp, key, name, policies);
        }

        if (ai is not null)
        {
            return new AiBackendSnapshot { Key = key, Groups = ai.Groups, Policies = policies };
        }

        if (aws is not null)
        {
            var parts = aws.Arn.Split(':');
            return new AgentCoreBackendSnapshot
            {
                Key = key,
                AgentRuntimeArn = aws.Arn,
                Region = parts.Length > 4 ? parts[3] : "",
                AccountId = parts.Length > 4 ? parts[4] : "",
                Qualifier = aws.Qualifier,
                Policies = policies,
            };
        }

        return @internal is null ? null : new InternalBackendSnapshot { Key = key, Path = @internal == "forward" ? null : @internal, Policies = policies };
    }

    private McpTargetSnapshot? ToTarget(McpTarget target, string? backendName)
    {
        if (target.Stdio is { } stdio)
        {
            return new McpStdioTargetSnapshot
            {
                Name = target.Name,
                Command = stdio.Command,
                Arguments = stdio.Arguments,
                Environment = stdio.Environment,
                ClearEnvironment = stdio.ClearEnvironment,
            };
        }

        if (target.Connection is not { } connection)
        {
            return null;
        }

        var backend = connection.Backend is { } reference ? Resolve(new Located<string>(reference, connection.BackendAt)) : null;
        var policies = backendName is null ? target.Policies : PolicySets.Merge(_targets.ForBackend(backendName, target.Name), target.Policies);
        if (target.OpenApi is { } openApi)
        {
            return new McpOpenApiTargetSnapshot { Name = target.Name, Endpoint = connection.Endpoint, Backend = backend, Policies = policies, Schema = openApi.Schema, Tools = openApi.Tools };
        }

        return target.Sse is not null
            ? new McpSseTargetSnapshot { Name = target.Name, Endpoint = connection.Endpoint, Backend = backend, Policies = policies }
            : new McpHttpTargetSnapshot { Name = target.Name, Endpoint = connection.Endpoint, Backend = backend, Policies = policies };
    }
}

using AgentGateway.Configuration.Model.Llm;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>The short form of one LLM endpoint: resolves providers, checks models and virtual models, attaches the endpoint.</summary>
internal sealed class LlmNormaliser
{
    private const int DefaultPort = 4000;

    private readonly LlmSection _section;
    private readonly ReadContext _context;

    private LlmNormaliser(LlmSection section, ReadContext context)
    {
        _section = section;
        _context = context;
    }

    public static LlmSnapshot Normalise(
        LlmSection section, ReadContext context, GatewayTable gateways, BindTable binds, PolicyTargets targets, RouteFactory routes)
    {
        var llm = new LlmNormaliser(section, context);
        llm.Attach(gateways, binds, targets);
        var providers = llm.Providers();
        var models = llm.Models(providers);
        llm.CheckVirtualModels();
        return new LlmSnapshot { Models = models, VirtualModels = [.. section.VirtualModels.Select(static v => v.Value)], Policies = section.Policies };
    }

    private void Attach(GatewayTable gateways, BindTable binds, PolicyTargets targets)
    {
        var own = new List<PolicySnapshot>();
        if (!_section.Policies.LocalRateLimit.IsEmpty)
        {
            own.Add(new LocalRateLimits(_section.Policies.LocalRateLimit));
        }

        if (_section.Policies.RemoteRateLimit is { } remote)
        {
            own.Add(remote);
        }

        if (_section.Gateways is null && (_section.Port is not null || _section.HasTls || !gateways.HasDefault(http: true)))
        {
            var listener = binds.Open(
                _section.Port ?? DefaultPort, "llm", _section.Port is null ? _section.At : _section.PortAt, "llm",
                _section.HasTls ? ListenerProtocol.Https : ListenerProtocol.Http, _section.Tls, _section.GatewayPolicies, targets);
            listener.Add(ToRoute(listener, [.. own], targets));
            return;
        }

        // On a shared gateway the policies stay with the routes of the endpoint: others must not get them.
        foreach (var listener in gateways.Resolve(_section.Gateways, http: true, _section.At, "llm"))
        {
            listener.Add(ToRoute(listener, [.. _section.GatewayPolicies, .. own], targets));
        }
    }

    private static RouteSnapshot ToRoute(ListenerBuilder listener, EquatableArray<PolicySnapshot> policies, PolicyTargets targets) => new()
    {
        Key = $"{listener.Key}/internal/llm:request",
        Name = "internal/llm:request",
        Backends = [new RouteBackendSnapshot { Backend = new LlmBackendSnapshot { Key = "llm:router" } }],
        Policies = PolicySets.Merge(listener.RoutePolicies, targets.ForRoute("internal/llm:request", null), policies),
    };

    private Dictionary<string, LlmProvider> Providers()
    {
        var providers = new Dictionary<string, LlmProvider>(StringComparer.Ordinal);
        foreach (var provider in _section.Providers)
        {
            if (!providers.TryAdd(provider.Value.Name, provider.Value))
            {
                _context.SemanticError(provider.At.Key("name"), $"llm.providers contains duplicate provider names: {Quoting.Shorten(provider.Value.Name)}");
            }

            if (provider.Value.Provider.Reference is not null)
            {
                _context.SemanticError(
                    provider.At.Key("provider"), $"llm.providers.{Quoting.Shorten(provider.Value.Name)} cannot reference another provider; name a built-in or custom one");
            }
        }

        return providers;
    }

    private EquatableArray<LlmModelSnapshot> Models(Dictionary<string, LlmProvider> providers)
    {
        var models = new List<LlmModelSnapshot>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < _section.Models.Length; i++)
        {
            var (model, at) = _section.Models[i];
            if (model.Id is { } id)
            {
                if (string.IsNullOrWhiteSpace(id))
                {
                    _context.SemanticError(at.Key("id"), "llm.models model id cannot be empty");
                }
                else if (!ids.Add(id))
                {
                    _context.SemanticError(at.Key("id"), $"llm.models contains duplicate model id: {Quoting.Shorten(id)}");
                }
            }

            models.Add(new LlmModelSnapshot($"llm:model:{model.Id ?? $"{model.Name}:{i}"}", Resolve(model, at, providers)));
        }

        return [.. models];
    }

    private LlmModel Resolve(LlmModel model, SourceLocation at, Dictionary<string, LlmProvider> providers)
    {
        if (model.Provider.Reference is { } reference)
        {
            if (!providers.TryGetValue(reference, out var provider))
            {
                _context.SemanticError(
                    at.Key("provider").Key("reference"), $"model {Quoting.Shorten(model.Name)} has unresolved provider reference {Quoting.Shorten(reference)}; add it to llm.providers");
                return model;
            }

            if (model.Params is { } own && own != new LlmParams { Model = own.Model })
            {
                _context.SemanticError(
                    at.Key("params"),
                    $"model {Quoting.Shorten(model.Name)} references provider {Quoting.Shorten(reference)} and can only set params.model; move the others to the provider");
            }

            model = LlmProviderMerge.Apply(model, provider);
        }

        if (model.Provider.Custom is { } custom)
        {
            if (custom.Formats.IsEmpty)
            {
                _context.SemanticError(at.Key("provider").Key("custom").Key("formats"), $"custom provider for model {Quoting.Shorten(model.Name)} must specify at least one format");
            }

            if (model.Params?.BaseUrl is null && model.Params?.HostOverride is null)
            {
                _context.SemanticError(at.Key("provider"), $"custom provider for model {Quoting.Shorten(model.Name)} requires params.baseUrl");
            }
        }

        CheckRequired(model, at);
        return Guarded(LlmEndpoint.Apply(model));
    }

    private void CheckRequired(LlmModel model, SourceLocation at)
    {
        var settings = model.Params;
        var missing = model.Provider.Name switch
        {
            LlmProviderName.Vertex when settings?.VertexProject is null => "vertex requires vertex_project; set params.vertexProject",
            LlmProviderName.Bedrock when settings?.AwsRegion is null => "bedrock requires aws_region; set params.awsRegion",
            LlmProviderName.Azure when settings?.AzureResourceName is null => "azure requires azureResourceName; set params.azureResourceName",
            LlmProviderName.Azure when settings.AzureResourceType is null => "azure requires azureResourceType; set params.azureResourceType",
            _ => null,
        };
        if (missing is not null)
        {
            _context.SemanticError(at.Key("params"), missing);
        }
    }

    // Guards of the section come before those of the model.
    private LlmModel Guarded(LlmModel model)
    {
        if (_section.Policies.Guardrails is not { } shared)
        {
            return model;
        }

        var own = model.Guardrails ?? new PromptGuard();
        return model with
        {
            Guardrails = new PromptGuard
            {
                Streaming = own.Streaming ?? shared.Streaming,
                Request = [.. shared.Request, .. own.Request],
                Response = [.. shared.Response, .. own.Response],
            },
        };
    }

    private void CheckVirtualModels()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (model, at) in _section.VirtualModels)
        {
            if (!names.Add(model.Name))
            {
                _context.SemanticError(at.Key("name"), $"llm.virtualModels contains duplicate name: {Quoting.Shorten(model.Name)}");
            }

            var routing = model.Routing;
            var routingAt = at.Key("routing");
            var strategies = (routing.Weighted is null ? 0 : 1) + (routing.Failover is null ? 0 : 1) + (routing.Conditional is null ? 0 : 1);
            if (strategies != 1)
            {
                _context.SemanticError(routingAt, $"virtual model {Quoting.Shorten(model.Name)} must specify exactly one routing strategy: weighted, failover or conditional");
                continue;
            }

            if (routing.Weighted is { } weighted)
            {
                CheckTargets(model.Name, "weighted", [.. weighted.Targets.Select(static t => t.Model)], routingAt.Key("weighted"));
            }
            else if (routing.Failover is { } failover)
            {
                CheckTargets(model.Name, "failover", [.. failover.Targets.Select(static t => t.Model)], routingAt.Key("failover"));
            }
            else if (routing.Conditional is { } conditional)
            {
                CheckTargets(model.Name, "conditional", [.. conditional.Targets.Select(static t => t.Model)], routingAt.Key("conditional"));
                for (var i = 0; i < conditional.Targets.Length - 1; i++)
                {
                    if (conditional.Targets[i].When is null)
                    {
                        _context.SemanticError(
                            Item(routingAt.Key("conditional"), i), $"virtual model {Quoting.Shorten(model.Name)} conditional fallback target must be last");
                    }
                }
            }
        }
    }

    private void CheckTargets(string name, string strategy, EquatableArray<string> targets, SourceLocation at)
    {
        if (targets.IsEmpty)
        {
            _context.SemanticError(at.Key("targets"), $"virtual model {Quoting.Shorten(name)} must specify at least one {strategy} target");
        }

        for (var i = 0; i < targets.Length; i++)
        {
            var target = targets[i];
            if (target.Length > 0 && !_section.Models.Any(m => Matches(m.Value.Name, target)))
            {
                _context.SemanticError(
                    Item(at, i).Key("model"), $"virtual model target {Quoting.Shorten(target)} does not match any llm.models entry");
            }
        }
    }

    private static SourceLocation Item(SourceLocation at, int index) => at with { Path = at.Path.Key("targets").Index(index) };

    private static bool Matches(string pattern, string name)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0 ? pattern == name
            : star == 0 ? name.EndsWith(pattern[1..], StringComparison.Ordinal)
            : name.StartsWith(pattern[..star], StringComparison.Ordinal);
    }
}

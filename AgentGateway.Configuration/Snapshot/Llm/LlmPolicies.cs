using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Policies of the LLM section, beside those of gateways.</summary>
public sealed record LlmPolicies
{
    internal static Shape<LlmPolicies> Shape { get; } = Shapes.Object("LlmPolicies", "Policies of the LLM section, beside those of gateways.", Read);

    /// <summary>Guards of prompts and answers.</summary>
    public PromptGuard? Guardrails { get; init; }

    /// <summary>Token buckets in this process.</summary>
    public EquatableArray<LocalRateLimit> LocalRateLimit { get; init; } = [];

    /// <summary>Rate limits that replicas share.</summary>
    public RemoteRateLimit? RemoteRateLimit { get; init; }

    internal static LlmPolicies Read(ObjectReader r) => new()
    {
        Guardrails = r.Optional("guardrails", PromptGuard.Shape, "Guards of prompts and answers."),
        LocalRateLimit = r.Value("localRateLimit", LocalRateLimits.BucketsShape, [], "Token buckets in this process.", "[]"),
        RemoteRateLimit = r.Optional("remoteRateLimit", Policies.RemoteRateLimit.Shape, "Rate limits that replicas share."),
    };
}

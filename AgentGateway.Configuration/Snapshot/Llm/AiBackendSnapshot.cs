namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>LLM providers in groups of falling priority (configuration key <c>ai</c>).</summary>
public sealed record AiBackendSnapshot : BackendSnapshot
{
    /// <summary>Groups; a later one is used when those before are out of use.</summary>
    public required EquatableArray<EquatableArray<AiProviderSnapshot>> Groups { get; init; }
}

/// <summary>The models of the <c>llm</c> section behind one endpoint.</summary>
public sealed record LlmBackendSnapshot : BackendSnapshot;

/// <summary>The <c>llm</c> section with provider references resolved.</summary>
public sealed record LlmSnapshot
{
    /// <summary>Models in the order of the document.</summary>
    public EquatableArray<LlmModelSnapshot> Models { get; init; } = [];

    /// <summary>Names that stand for other models.</summary>
    public EquatableArray<LlmVirtualModel> VirtualModels { get; init; } = [];

    /// <summary>Policies of the section.</summary>
    public LlmPolicies Policies { get; init; } = new();
}

/// <summary>A model with what its provider entry gives it.</summary>
/// <param name="Key">Runtime key: <c>llm:model:</c> and the identifier, or name and index.</param>
/// <param name="Model">The model; its settings win over the defaults of the provider entry.</param>
public sealed record LlmModelSnapshot(string Key, LlmModel Model);

using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>What is done to LLM requests and answers.</summary>
public sealed record AiPolicy : PolicySnapshot
{
    internal static Shape<AiPolicy> Shape { get; } = Shapes.Object("AiPolicy", "What is done to LLM requests and answers.", Read);

    /// <summary>Guards of prompts and answers.</summary>
    public PromptGuard? PromptGuard { get; init; }

    /// <summary>Fields that requests get when they lack them.</summary>
    public JsonText? Defaults { get; init; }

    /// <summary>Fields that requests get whatever they say.</summary>
    public JsonText? Overrides { get; init; }

    /// <summary>Request fields by expression.</summary>
    public EquatableMap<Expression> Transformations { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Request fields by expression, after the conversion to the provider's format.</summary>
    public EquatableMap<Expression> FinalTransformations { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Messages added to prompts.</summary>
    public PromptEnrichment? Prompts { get; init; }

    /// <summary>Names that clients may use for models; <c>*</c> matches any.</summary>
    public EquatableMap<string> ModelAliases { get; init; } = EquatableMap<string>.Empty;

    /// <summary>Cache points for providers that need them.</summary>
    public PromptCaching? PromptCaching { get; init; }

    /// <summary>Kind of request by path suffix; <c>*</c> for all others.</summary>
    public EquatableMap<LlmRouteType> Routes { get; init; } = EquatableMap<LlmRouteType>.Empty;

    private static AiPolicy Read(ObjectReader r) => new()
    {
        PromptGuard = r.Optional("promptGuard", PromptGuard.Shape, "Guards of prompts and answers."),
        Defaults = r.Optional("defaults", Shapes.JsonObject, "Fields that requests get when they lack them.", "{temperature: 0.7}"),
        Overrides = r.Optional("overrides", Shapes.JsonObject, "Fields that requests get whatever they say.", "{max_tokens: 512}"),
        Transformations = r.Map("transformations", Expression.Shape, "Request fields by expression.", "model", "llmRequest.model"),
        FinalTransformations = r.Map("finalTransformations", Expression.Shape, "Request fields by expression, after the conversion to the provider's format.", "user", "jwt.sub"),
        Prompts = r.Optional("prompts", PromptEnrichment.Shape, "Messages added to prompts."),
        ModelAliases = r.Map("modelAliases", Shapes.Text, "Names that clients may use for models; `*` matches any.", "fast", "gpt-4o-mini"),
        PromptCaching = r.Optional("promptCaching", PromptCaching.Shape, "Cache points for providers that need them."),
        Routes = r.Map("routes", EnumShapes.LlmRouteTypeWords, "Kind of request by path suffix; `*` for all others.", "/v1/chat/completions", "completions"),
    };

    /// <summary>Merges field by field: what the more specific level sets wins.</summary>
    public override PolicySnapshot Over(PolicySnapshot lower) => lower is AiPolicy other ? Merge(this, other) : this;

    private static AiPolicy Merge(AiPolicy higher, AiPolicy lower) => new()
    {
        PromptGuard = higher.PromptGuard ?? lower.PromptGuard,
        Defaults = higher.Defaults ?? lower.Defaults,
        Overrides = higher.Overrides ?? lower.Overrides,
        Transformations = Either(higher.Transformations, lower.Transformations),
        FinalTransformations = Either(higher.FinalTransformations, lower.FinalTransformations),
        Prompts = higher.Prompts ?? lower.Prompts,
        ModelAliases = Either(higher.ModelAliases, lower.ModelAliases),
        PromptCaching = higher.PromptCaching ?? lower.PromptCaching,
        Routes = Either(higher.Routes, lower.Routes),
    };

    private static EquatableMap<T> Either<T>(EquatableMap<T> higher, EquatableMap<T> lower) => higher.Count > 0 ? higher : lower;
}

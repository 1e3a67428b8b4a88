using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A model that clients may ask for.</summary>
public sealed record LlmModel
{
    internal static Shape<LlmModel> Shape { get; } = Shapes.Object("LlmModel", "A model that clients may ask for.", Read);

    /// <summary>Name that clients ask for; one <c>*</c> may stand at its start or end.</summary>
    public required string Name { get; init; }

    /// <summary>Identifier in logs and keys; derived from the name by default.</summary>
    public string? Id { get; init; }

    /// <summary>Who sees it.</summary>
    public ModelVisibility Visibility { get; init; }

    /// <summary>The provider.</summary>
    public required LlmProviderChoice Provider { get; init; }

    /// <summary>Settings of the provider.</summary>
    public LlmParams? Params { get; init; }

    /// <summary>Pass requests through unread.</summary>
    public LlmPassthrough? Passthrough { get; init; }

    /// <summary>Who may use it.</summary>
    public AuthorizationPolicy? Authorization { get; init; }

    /// <summary>Fields that requests get when they lack them.</summary>
    public JsonText? Defaults { get; init; }

    /// <summary>Fields that requests get whatever they say.</summary>
    public JsonText? Overrides { get; init; }

    /// <summary>Request fields by expression.</summary>
    public EquatableMap<Expression> Transformation { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Request fields by expression, after the conversion.</summary>
    public EquatableMap<Expression> FinalTransformation { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Changes request headers.</summary>
    public HeaderModifier? RequestHeaders { get; init; }

    /// <summary>Changes response headers.</summary>
    public HeaderModifier? ResponseHeaders { get; init; }

    /// <summary>TLS towards the provider.</summary>
    public BackendTls? BackendTls { get; init; }

    /// <summary>How the gateway authenticates to the provider.</summary>
    public BackendAuth? Auth { get; init; }

    /// <summary>Takes failing providers out of use.</summary>
    public HealthPolicy? Health { get; init; }

    /// <summary>Connects through an HTTP CONNECT proxy.</summary>
    public BackendTunnel? BackendTunnel { get; init; }

    /// <summary>Guards of prompts and answers.</summary>
    public PromptGuard? Guardrails { get; init; }

    /// <summary>Cache points.</summary>
    public PromptCaching? PromptCaching { get; init; }

    /// <summary>Further conditions, of which one must hold.</summary>
    public EquatableArray<LlmModelMatch> Matches { get; init; } = [];

    private static LlmModel Read(ObjectReader r)
    {
        var v = new LlmModel
        {
            Name = r.Required("name", ValueShapes.ModelPattern, "Name that clients ask for; one `*` may stand at its start or end.", "gpt-*"),
            Id = r.Optional("id", Shapes.Text, "Identifier in logs and keys; derived from the name by default.", "smart"),
            Visibility = r.Value("visibility", EnumShapes.ModelVisibilityWords, ModelVisibility.Public, "Who sees it.", "public"),
            Provider = r.Required("provider", LlmProviderChoice.Shape, "The provider.", "openAI"),
            Params = r.Optional("params", LlmParams.Shape, "Settings of the provider."),
            Passthrough = r.OptionalValue("passthrough", EnumShapes.LlmPassthroughWords, "Pass requests through unread."),
            Authorization = r.Optional("authorization", AuthorizationPolicy.Shape, "Who may use it."),
            Defaults = r.Optional("defaults", Shapes.JsonObject, "Fields that requests get when they lack them.", "{temperature: 0.7}"),
            Overrides = r.Optional("overrides", Shapes.JsonObject, "Fields that requests get whatever they say.", "{max_tokens: 512}"),
            Transformation = r.Map("transformation", Expression.Shape, "Request fields by expression.", "model", "llmRequest.model"),
            FinalTransformation = r.Map("finalTransformation", Expression.Shape, "Request fields by expression, after the conversion.", "user", "jwt.sub"),
            RequestHeaders = r.Optional("requestHeaders", HeaderModifier.Shape, "Changes request headers."),
            ResponseHeaders = r.Optional("responseHeaders", HeaderModifier.Shape, "Changes response headers."),
            BackendTls = LlmProviderDefaults.ReadTls(r),
            Auth = r.Optional("auth", BackendAuth.Shape, "How the gateway authenticates to the provider."),
            Health = r.Optional("health", HealthPolicy.Shape, "Takes failing providers out of use."),
            BackendTunnel = r.Optional("backendTunnel", BackendTunnel.Shape, "Connects through an HTTP CONNECT proxy."),
            Guardrails = r.Optional("guardrails", PromptGuard.Shape, "Guards of prompts and answers."),
            PromptCaching = r.Optional("promptCaching", PromptCaching.Shape, "Cache points."),
            Matches = r.List("matches", LlmModelMatch.Shape, "Further conditions, of which one must hold."),
        };
        r.AtMostOne("tls", "backendTLS");
        return v;
    }
}

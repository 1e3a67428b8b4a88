using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Defaults that models of a provider inherit.</summary>
public sealed record LlmProviderDefaults
{
    internal static Shape<LlmProviderDefaults> Shape { get; } = Shapes.Object("LlmProviderDefaults", "Defaults that models of a provider inherit.", Read);

    /// <summary>Fields that requests get when they lack them.</summary>
    public JsonText? Defaults { get; init; }

    /// <summary>Fields that requests get whatever they say.</summary>
    public JsonText? Overrides { get; init; }

    /// <summary>Request fields by expression.</summary>
    public EquatableMap<Expression> Transformation { get; init; } = EquatableMap<Expression>.Empty;

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

    /// <summary>Cache points.</summary>
    public PromptCaching? PromptCaching { get; init; }

    /// <summary>Reads TLS settings under both of their names; that only one is set is for the caller to check.</summary>
    internal static BackendTls? ReadTls(ObjectReader r)
    {
        var tls = r.Optional("tls", BackendTls.Shape, "TLS towards the provider.");
        var other = r.Optional("backendTLS", BackendTls.Shape, "Another name of `tls`.");
        return tls ?? other;
    }

    private static LlmProviderDefaults Read(ObjectReader r)
    {
        var v = new LlmProviderDefaults
        {
            Defaults = r.Optional("defaults", Shapes.JsonObject, "Fields that requests get when they lack them.", "{temperature: 0.7}"),
            Overrides = r.Optional("overrides", Shapes.JsonObject, "Fields that requests get whatever they say.", "{max_tokens: 512}"),
            Transformation = r.Map("transformation", Expression.Shape, "Request fields by expression.", "model", "llmRequest.model"),
            RequestHeaders = r.Optional("requestHeaders", HeaderModifier.Shape, "Changes request headers."),
            ResponseHeaders = r.Optional("responseHeaders", HeaderModifier.Shape, "Changes response headers."),
            BackendTls = ReadTls(r),
            Auth = r.Optional("auth", BackendAuth.Shape, "How the gateway authenticates to the provider."),
            Health = r.Optional("health", HealthPolicy.Shape, "Takes failing providers out of use."),
            BackendTunnel = r.Optional("backendTunnel", BackendTunnel.Shape, "Connects through an HTTP CONNECT proxy."),
            PromptCaching = r.Optional("promptCaching", PromptCaching.Shape, "Cache points."),
        };
        r.AtMostOne("tls", "backendTLS");
        return v;
    }
}

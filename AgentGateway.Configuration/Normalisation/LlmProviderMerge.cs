using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>What a model inherits from the provider entry that it refers to: its own settings win, maps merge key by key.</summary>
internal static class LlmProviderMerge
{
    public static LlmModel Apply(LlmModel model, LlmProvider provider)
    {
        var defaults = provider.Defaults ?? new LlmProviderDefaults();
        var parameters = provider.Params ?? new LlmParams();
        return model with
        {
            // Telemetry names a custom provider by its entry, unless it says its own name.
            Provider = provider.Provider.Custom is { ProviderOverride: null } custom
                ? provider.Provider with { Custom = custom with { ProviderOverride = provider.Name } }
                : provider.Provider,
            Params = model.Params?.Model is { } name ? parameters with { Model = name } : parameters,
            Defaults = Merge(model.Defaults, defaults.Defaults),
            Overrides = Merge(model.Overrides, defaults.Overrides),
            Transformation = Merge(model.Transformation, defaults.Transformation),
            RequestHeaders = Merge(model.RequestHeaders, defaults.RequestHeaders),
            ResponseHeaders = Merge(model.ResponseHeaders, defaults.ResponseHeaders),
            BackendTls = model.BackendTls ?? defaults.BackendTls,
            Auth = model.Auth ?? defaults.Auth,
            Health = Merge(model.Health, defaults.Health),
            BackendTunnel = model.BackendTunnel ?? defaults.BackendTunnel,
            PromptCaching = model.PromptCaching?.Over(defaults.PromptCaching) ?? defaults.PromptCaching,
        };
    }

    private static EquatableMap<T> Merge<T>(EquatableMap<T> higher, EquatableMap<T> lower) =>
        higher.Count == 0 ? lower : lower.Count == 0 ? higher : new EquatableMap<T>([.. lower, .. higher]);

    private static HeaderModifier? Merge(HeaderModifier? higher, HeaderModifier? lower) => higher is null || lower is null
        ? higher ?? lower
        : new HeaderModifier { Add = Merge(higher.Add, lower.Add), Set = Merge(higher.Set, lower.Set), Remove = [.. lower.Remove, .. higher.Remove] };

    private static HealthPolicy? Merge(HealthPolicy? higher, HealthPolicy? lower) => higher is null || lower is null
        ? higher ?? lower
        : new HealthPolicy
        {
            UnhealthyExpression = higher.UnhealthyExpression ?? lower.UnhealthyExpression,
            Eviction = higher.Eviction is null || lower.Eviction is null ? higher.Eviction ?? lower.Eviction : new Eviction
            {
                Duration = higher.Eviction.Duration ?? lower.Eviction.Duration,
                RestoreHealth = higher.Eviction.RestoreHealth ?? lower.Eviction.RestoreHealth,
                ConsecutiveFailures = higher.Eviction.ConsecutiveFailures ?? lower.Eviction.ConsecutiveFailures,
                HealthThreshold = higher.Eviction.HealthThreshold ?? lower.Eviction.HealthThreshold,
            },
        };

    private static JsonText? Merge(JsonText? higher, JsonText? lower)
    {
        if (higher is null || lower is null)
        {
            return higher ?? lower;
        }

        var merged = JsonNode.Parse(lower.Json)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(higher.Json)!.AsObject())
        {
            merged[key] = value?.DeepClone();
        }

        return new JsonText(merged.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }
}

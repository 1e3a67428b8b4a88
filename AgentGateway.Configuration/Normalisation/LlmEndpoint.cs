using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>
/// Where a model is reached: what a preset stands for, and what <c>baseUrl</c> means for host, path and TLS. The older <c>hostOverride</c>,
/// <c>pathOverride</c> and <c>pathPrefix</c> win over it.
/// </summary>
internal static class LlmEndpoint
{
    public static LlmModel Apply(LlmModel model)
    {
        var settings = model.Params ?? new LlmParams();
        if (model.Provider.Name is { } name && LlmPresets.Find(name) is { } preset)
        {
            model = model with { Provider = model.Provider with { Custom = preset.Provider } };
            if (settings is { BaseUrl: null, HostOverride: null, PathOverride: null })
            {
                settings = settings with { BaseUrl = preset.BaseUrl };
            }
        }

        if (settings.BaseUrl is not { } text || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return model with { Params = model.Params is null && settings.BaseUrl is null ? null : settings };
        }

        var path = url.AbsolutePath.TrimEnd('/');
        return model with
        {
            Params = settings with
            {
                HostOverride = settings.HostOverride ?? new TargetAddress(url.IdnHost.Trim('[', ']'), url.Port),
                PathPrefix = settings.PathPrefix ?? (path.Length > 0 && settings.PathOverride is null ? path : null),
            },
            BackendTls = model.BackendTls ?? (url.Scheme == Uri.UriSchemeHttps ? new BackendTls() : null),
        };
    }
}

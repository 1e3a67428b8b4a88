using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>Converts an entry of <c>model_list</c>.</summary>
internal sealed class DeploymentReader(IReadOnlyDictionary<string, MappingNode> credentials, MappingNode? health, List<ConversionNote> notes)
{
    // Fields of a request that LiteLLM fills in where the client does not.
    private static readonly string[] BodyFields =
    [
        "temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "stop", "presence_penalty", "frequency_penalty", "seed", "response_format", "logprobs",
        "top_logprobs", "logit_bias", "user", "reasoning_effort", "tools", "tool_choice", "parallel_tool_calls", "dimensions", "modalities", "store", "service_tier", "verbosity",
    ];

    public Deployment? Read(SourceMap entry)
    {
        var group = entry.Raw("model_name");
        var given = entry.Map("litellm_params");
        if (string.IsNullOrEmpty(group) || given is null)
        {
            notes.Add(new ConversionNote(ConversionFidelity.Unsupported, entry.Path, "an entry needs model_name and litellm_params; not carried over"));
            return null;
        }

        var parameters = WithCredential(given);
        var model = parameters.Raw("model");
        var custom = parameters.Raw("custom_llm_provider");
        var address = parameters.Text("api_base") ?? parameters.Text("base_url");
        if (address is null && model is not null && ProviderNames.Address(model, custom) is { } usual)
        {
            address = usual;
            parameters.Note(ConversionFidelity.Approximate, "model", $"the provider speaks the format of OpenAI; its address is written as params.baseUrl: {usual}");
        }

        var (provider, name) = model is null ? (null, "") : ProviderNames.Resolve(model, custom, address is not null);
        if (provider is null)
        {
            parameters.Note(ConversionFidelity.Unsupported, "model", $"the provider of `{Reading.Quoting.Shorten(model ?? "")}` is not known here; the model `{Reading.Quoting.Shorten(group)}` is not carried over");
            return null;
        }

        if (Wildcards.Problem(group, name) is { } problem)
        {
            entry.Note(ConversionFidelity.Unsupported, "model_name", $"{problem}; the model `{Reading.Quoting.Shorten(group)}` is not carried over");
            return null;
        }

        if (model == "*" && provider == "openAI")
        {
            parameters.Note(ConversionFidelity.Approximate, "model", "LiteLLM chooses the provider of `*` by the name that the client sends; all of them go to OpenAI here");
        }

        var settings = new ParameterReader(parameters, provider, address);
        var pairs = new List<(string, ConfigNode?)>
        {
            ("provider", Yaml.Text(provider)),
            ("params", settings.Params(name.Contains('*', StringComparison.Ordinal) ? null : name)),
            ("defaults", Body(parameters)),
            ("transformation", Wildcards.Transformation(group, name) is { } expression ? Yaml.Map(("model", Yaml.Text(expression))) : null),
            ("requestHeaders", settings.Headers()),
            ("auth", settings.Auth()),
            ("health", health),
        };
        var (weight, order) = Share(entry, parameters);
        Finish(entry, parameters);
        entry.Note(ConversionFidelity.Exact, "model_name", $"model `{Reading.Quoting.Shorten(group)}`");
        return new Deployment(group, Yaml.Map(pairs), weight, order);
    }

    // A named credential gives what the deployment does not set itself.
    private SourceMap WithCredential(SourceMap given)
    {
        if (given.Raw("litellm_credential_name") is not { } name)
        {
            return given;
        }

        if (!credentials.TryGetValue(name, out var credential))
        {
            given.Note(ConversionFidelity.Manual, "litellm_credential_name", "there is no entry of this name in credential_list; set params.apiKey");
            return given;
        }

        var own = given.Entries().Where(static e => e.Key != "litellm_credential_name").ToList();
        return new SourceMap(
            Yaml.Map(own.Concat(credential.Entries.Select(static e => (e.Key, e.Value)).Where(e => !own.Exists(o => o.Key == e.Key))).Select(static e => (e.Key, (ConfigNode?)e.Value))),
            given.Path,
            notes);
    }

    private static MappingNode? Body(SourceMap parameters)
    {
        var fields = new List<(string, ConfigNode?)>();
        foreach (var field in BodyFields)
        {
            if (parameters.Take(field) is { } value)
            {
                fields.Add((field, SourceMap.Carry(value)));
            }
        }

        if (parameters.Map("extra_body") is { } extra)
        {
            fields.AddRange(extra.Entries().Where(e => !fields.Exists(f => f.Item1 == e.Key)).Select(static e => (e.Key, (ConfigNode?)SourceMap.Carry(e.Value))));
        }

        return Yaml.Map(fields).OrNull();
    }

    private static (int? Weight, int? Order) Share(SourceMap entry, SourceMap parameters)
    {
        var weight = parameters.Number("weight");
        foreach (var settings in (ReadOnlySpan<SourceMap>)[parameters, entry])
        {
            foreach (var key in (ReadOnlySpan<string>)["rpm", "tpm"])
            {
                if (settings.Number(key) is { } limit)
                {
                    settings.Note(ConversionFidelity.Approximate, key, weight is null ? "used as relative weight among deployments of the same name; it limits nothing" : "a weight is set already; it limits nothing here");
                    weight ??= limit;
                }
            }
        }

        return (weight, parameters.Number("order"));
    }

    private static void Finish(SourceMap entry, SourceMap parameters)
    {
        parameters.Finish(static key => key switch
        {
            "timeout" or "stream_timeout" or "request_timeout" => "set `timeout` in the policies of a route",
            "max_retries" or "num_retries" => "set `retry` in the policies of a route",
            "max_budget" or "budget_duration" or "max_parallel_requests" => "limits of a deployment; see `llm.policies.localRateLimit` and `remoteRateLimit`",
            "input_cost_per_token" or "output_cost_per_token" or "cache_read_input_token_cost" or "cache_creation_input_token_cost" => "prices belong into `config.modelCatalog`, in dollars for a million tokens",
            "tags" => "choose among models with `llm.models[].matches` or a conditional virtual model",
            "vertex_credentials" => "credentials of Google come from the environment of the process (GOOGLE_APPLICATION_CREDENTIALS)",
            "azure_ad_token" or "tenant_id" or "client_id" or "client_secret" => "set `auth.azure` of the model",
            "ssl_verify" or "ssl_certificate" => "set `tls` of the model",
            _ => null,
        });
        if (entry.Map("model_info") is { } info)
        {
            info.Finish(static key => key is "input_cost_per_token" or "output_cost_per_token" ? "prices belong into `config.modelCatalog`, in dollars for a million tokens" : "facts about a model are not kept in the configuration");
        }

        entry.Finish();
    }
}

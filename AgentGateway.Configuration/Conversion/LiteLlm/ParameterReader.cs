using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>Converts the settings of a provider in <c>litellm_params</c>.</summary>
internal sealed class ParameterReader(SourceMap parameters, string provider, string name, string? address)
{
    private static readonly (string Suffix, string Type)[] AzureHosts =
        [(".openai.azure.com", "openAI"), (".services.ai.azure.com", "foundry"), (".cognitiveservices.azure.com", "aiServices")];

    /// <summary>The <c>params</c> of a model.</summary>
    /// <param name="model">Model that replaces the request's; null for a pattern.</param>
    public MappingNode? Params(string? model)
    {
        var entries = new List<(string, ConfigNode?)> { ("model", model is null ? null : Yaml.Text(provider == "bedrock" ? BedrockModel(model) : model.Replace("$", "$$", StringComparison.Ordinal))) };
        Add(entries, "apiKey", "api_key");
        if (provider == "azure")
        {
            Azure(entries);
            Add(entries, "azureApiVersion", "api_version");
        }
        else if (address is not null)
        {
            entries.Add(("baseUrl", Yaml.Text(provider == "ollama" ? OllamaBase(address) : address)));
        }

        Add(entries, "awsRegion", "aws_region_name");
        Add(entries, "vertexProject", "vertex_project");
        Add(entries, "vertexRegion", "vertex_location");
        return Yaml.Map(entries).OrNull();
    }

    /// <summary>Headers that every call gets.</summary>
    public MappingNode? Headers()
    {
        var headers = new List<(string, ConfigNode?)>();
        if (parameters.Text("organization") is { } organization)
        {
            headers.Add(("OpenAI-Organization", Yaml.Text(organization)));
        }

        if (parameters.Map("extra_headers") is { } extra)
        {
            headers.AddRange(extra.Entries().Select(static e => (e.Key, (ConfigNode?)(e.Value is ScalarNode scalar ? Yaml.Text(SourceMap.Carry(scalar.Text)) : null))));
        }

        return headers.Count == 0 ? null : Yaml.Map(("set", Yaml.Map(headers)));
    }

    /// <summary>Keys of AWS.</summary>
    public MappingNode? Auth()
    {
        if (provider != "bedrock")
        {
            return null;
        }

        var id = parameters.Text("aws_access_key_id");
        var secret = parameters.Text("aws_secret_access_key");
        var session = parameters.Text("aws_session_token");
        if (id is null || secret is null)
        {
            return null;
        }

        return Yaml.Map(("aws", Yaml.Map(
            ("accessKeyId", Yaml.Text(id)), ("secretAccessKey", Yaml.Text(secret)), ("sessionToken", session is null ? null : Yaml.Text(session)))));
    }

    private void Add(List<(string, ConfigNode?)> entries, string key, string source)
    {
        if (parameters.Text(source) is { } value)
        {
            entries.Add((key, Yaml.Text(value)));
        }
    }

    // The resource's name is the first label of its host.
    private void Azure(List<(string, ConfigNode?)> entries)
    {
        if (address is null)
        {
            parameters.Note(ConversionFidelity.Manual, "api_base", "Azure needs it; set params.azureResourceName and azureResourceType");
            return;
        }

        if (Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            foreach (var (suffix, type) in AzureHosts)
            {
                if (uri.Host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && uri.Host.Length > suffix.Length)
                {
                    entries.Add(("azureResourceName", Yaml.Text(uri.Host[..^suffix.Length])));
                    entries.Add(("azureResourceType", Yaml.Text(type)));
                    return;
                }
            }
        }

        entries.Add(("baseUrl", Yaml.Text(address)));
        parameters.Note(ConversionFidelity.Approximate, "api_base", "carried over as params.baseUrl; for a resource of Azure, params.azureResourceName and azureResourceType are the better way");
    }

    // LiteLLM calls Ollama's own API below the address, the gateway the OpenAI format below /v1.
    private static string OllamaBase(string address) =>
        SourceMap.IsReference(address) || address.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal) ? address : address.TrimEnd('/') + "/v1";

    // bedrock/converse/<model>, bedrock/invoke/<model>, bedrock/<region>/<model>
    private string BedrockModel(string model)
    {
        foreach (var api in (ReadOnlySpan<string>)["converse/", "invoke/"])
        {
            if (model.StartsWith(api, StringComparison.Ordinal))
            {
                return model[api.Length..];
            }
        }

        var slash = model.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && !model.StartsWith("arn:", StringComparison.Ordinal))
        {
            parameters.Note(ConversionFidelity.Manual, "model", $"`{Reading.Quoting.Shorten(name[..slash])}` before the model's name is taken for a region; set params.awsRegion when it differs from the environment's");
            return model[(slash + 1)..];
        }

        return model;
    }
}

using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>Converts the settings of a provider in <c>litellm_params</c>.</summary>
internal sealed class ParameterReader(SourceMap parameters, string provider, string? address)
{
    private static readonly (string Suffix, string Type)[] AzureHosts =
        [(".openai.azure.com", "openAI"), (".services.ai.azure.com", "foundry"), (".cognitiveservices.azure.com", "aiServices")];

    /// <summary>The <c>params</c> of a model.</summary>
    /// <param name="model">Model that replaces the request's; null for a pattern.</param>
    public MappingNode? Params(string? model)
    {
        string? region = null;
        if (model is not null && provider == "bedrock")
        {
            (model, region) = BedrockModel(model);
        }

        var entries = new List<(string, ConfigNode?)> { ("model", model is null ? null : Yaml.Text(model.Replace("$", "$$", StringComparison.Ordinal))) };
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

        if (!Add(entries, "awsRegion", "aws_region_name") && provider == "bedrock")
        {
            entries.Add(("awsRegion", Yaml.Text(region ?? FromEnvironment("aws_region_name", "${AWS_REGION_NAME:-us-west-2}"))));
        }

        if (!Add(entries, "vertexProject", "vertex_project", "vertex_ai_project") && provider == "vertex")
        {
            entries.Add(("vertexProject", Yaml.Text(FromEnvironment("vertex_project", "$VERTEXAI_PROJECT"))));
        }

        Add(entries, "vertexRegion", "vertex_location", "vertex_ai_location");
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
            foreach (var entry in extra.Entries())
            {
                if (entry.Key.Length == 0 || entry.Key.AsSpan().ContainsAnyExcept(CharacterSets.Token))
                {
                    extra.Note(ConversionFidelity.Unsupported, entry.Key, "not an HTTP header name; not carried over");
                }
                else if (entry.Value is ScalarNode scalar)
                {
                    headers.Add((entry.Key, Yaml.Text(SourceMap.Carry(scalar.Text))));
                }
            }
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
        if (parameters.Text("aws_role_name") is { } role)
        {
            if (id is not null || secret is not null)
            {
                parameters.Note(ConversionFidelity.Manual, "aws_access_key_id", "not carried over: the role is assumed with the credentials of the environment");
            }

            var name = parameters.Text("aws_session_name");
            if (name is { Length: < 2 })
            {
                parameters.Note(ConversionFidelity.Manual, "aws_session_name", "not carried over: AWS wants 2 to 64 characters");
                name = null;
            }

            return Yaml.Map(("aws", Yaml.Map(("assumeRole", Yaml.Map(("roleArn", Yaml.Text(role)), ("sessionName", name is null ? null : Yaml.Text(name)))))));
        }

        if (id is null || secret is null)
        {
            return null;
        }

        return Yaml.Map(("aws", Yaml.Map(
            ("accessKeyId", Yaml.Text(id)), ("secretAccessKey", Yaml.Text(secret)), ("sessionToken", session is null ? null : Yaml.Text(session)))));
    }

    // Some settings have an older name, which counts where the newer one is missing.
    private bool Add(List<(string, ConfigNode?)> entries, string key, string source, string? older = null)
    {
        if ((parameters.Text(source) ?? (older is null ? null : parameters.Text(older))) is not { } value)
        {
            return false;
        }

        entries.Add((key, Yaml.Text(value)));
        return true;
    }

    // What LiteLLM looks up by itself when the configuration does not say it.
    private string FromEnvironment(string key, string reference)
    {
        parameters.Note(ConversionFidelity.Approximate, key, $"not set here, so it is taken from the environment: {reference}");
        return reference;
    }

    // The resource's name is the first label of its host.
    private void Azure(List<(string, ConfigNode?)> entries)
    {
        var host = address ?? FromEnvironment("api_base", "$AZURE_API_BASE");
        if (Uri.TryCreate(host, UriKind.Absolute, out var uri))
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

        // The address stands in for the resource, which must have a name all the same.
        entries.Add(("azureResourceName", Yaml.Text("unused")));
        entries.Add(("azureResourceType", Yaml.Text("openAI")));
        entries.Add(("baseUrl", Yaml.Text(host)));
        parameters.Note(ConversionFidelity.Approximate, "api_base", "carried over as params.baseUrl; for a resource of Azure, params.azureResourceName and azureResourceType are the better way");
    }

    // LiteLLM calls Ollama's own API below the address, the gateway the OpenAI format below /v1.
    private static string OllamaBase(string address) =>
        SourceMap.IsReference(address) || address.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal) ? address : address.TrimEnd('/') + "/v1";

    // bedrock/converse/<model>, bedrock/invoke/<model>, bedrock/<region>/<model>; an ARN names its region, too.
    private static (string Model, string? Region) BedrockModel(string model)
    {
        foreach (var api in (ReadOnlySpan<string>)["converse/", "invoke/"])
        {
            if (model.StartsWith(api, StringComparison.Ordinal))
            {
                model = model[api.Length..];
                break;
            }
        }

        if (model.StartsWith("arn:", StringComparison.Ordinal))
        {
            return (model, model.Split(':') is [_, _, _, { Length: > 0 } region, ..] ? region : null);
        }

        var slash = model.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? (model[(slash + 1)..], model[..slash]) : (model, null);
    }
}

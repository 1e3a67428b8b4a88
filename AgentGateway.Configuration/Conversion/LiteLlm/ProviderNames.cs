using System.Collections.Frozen;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>Which of our providers stands for one of LiteLLM's (the part of a model before the slash).</summary>
internal static class ProviderNames
{
    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["openai"] = "openAI",
        ["text-completion-openai"] = "openAI",
        ["azure"] = "azure",
        ["azure_ai"] = "azure",
        ["anthropic"] = "anthropic",
        ["gemini"] = "gemini",
        ["vertex_ai"] = "vertex",
        ["bedrock"] = "bedrock",
        ["bedrock_converse"] = "bedrock",
        ["github_copilot"] = "copilot",
        ["cohere"] = "cohere",
        ["cohere_chat"] = "cohere",
        ["ollama"] = "ollama",
        ["ollama_chat"] = "ollama",
        ["baseten"] = "baseten",
        ["cerebras"] = "cerebras",
        ["deepinfra"] = "deepinfra",
        ["deepseek"] = "deepseek",
        ["groq"] = "groq",
        ["huggingface"] = "huggingface",
        ["mistral"] = "mistral",
        ["openrouter"] = "openrouter",
        ["together_ai"] = "togetherai",
        ["xai"] = "xai",
        ["fireworks_ai"] = "fireworks",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Servers that speak the OpenAI format at an address of their own.
    private static readonly FrozenSet<string> OpenAiCompatible = FrozenSet.Create(
        StringComparer.Ordinal, "hosted_vllm", "openai_like", "custom_openai", "lm_studio", "llamafile", "litellm_proxy", "vllm", "xinference", "docker_model_runner",
        "nvidia_nim", "databricks", "perplexity", "sambanova", "moonshot", "hyperbolic", "dashscope", "nebius", "novita", "anyscale", "codestral", "friendliai", "volcengine");

    // Those of them that are one service, and its address.
    private static readonly FrozenDictionary<string, string> Addresses = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["nvidia_nim"] = "https://integrate.api.nvidia.com/v1",
        ["perplexity"] = "https://api.perplexity.ai",
        ["sambanova"] = "https://api.sambanova.ai/v1",
        ["moonshot"] = "https://api.moonshot.ai/v1",
        ["hyperbolic"] = "https://api.hyperbolic.xyz/v1",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Models that LiteLLM knows without a provider, by how their names begin.
    private static readonly (string Start, string Provider)[] Models =
    [
        ("gpt-", "openAI"), ("ft:", "openAI"), ("chatgpt-", "openAI"), ("o1", "openAI"), ("o3", "openAI"), ("o4", "openAI"), ("text-embedding-", "openAI"), ("dall-e", "openAI"),
        ("tts-", "openAI"), ("whisper-", "openAI"), ("claude-", "anthropic"), ("command-", "cohere"), ("embed-", "cohere"), ("mistral-", "mistral"), ("deepseek-", "deepseek"),
        ("gemini-", "vertex"), ("anthropic.", "bedrock"), ("amazon.", "bedrock"), ("meta.", "bedrock"), ("us.", "bedrock"), ("eu.", "bedrock"), ("apac.", "bedrock"), ("global.", "bedrock"),
    ];

    /// <summary>Our provider and the model's own name; the provider is null when it is not known.</summary>
    /// <param name="model">Value of <c>litellm_params.model</c>.</param>
    /// <param name="custom">Value of <c>litellm_params.custom_llm_provider</c>, which wins over the part before the slash.</param>
    /// <param name="hasAddress">True when an address of a server is set.</param>
    public static (string? Provider, string Model) Resolve(string model, string? custom, bool hasAddress)
    {
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        var prefix = slash > 0 ? model[..slash] : "";
        var rest = slash > 0 ? model[(slash + 1)..] : model;
        if (custom is not null)
        {
            return (Find(custom, hasAddress), prefix == custom ? rest : model);
        }

        if (prefix.Length > 0 && Find(prefix, hasAddress) is { } provider)
        {
            return (provider, rest);
        }

        if (prefix.Length == 0)
        {
            foreach (var (start, owner) in Models)
            {
                if (model.StartsWith(start, StringComparison.Ordinal))
                {
                    return (owner, model);
                }
            }
        }

        return (model == "*" || hasAddress ? "openAI" : null, model);
    }

    /// <summary>Address of a service that speaks the format of OpenAI and needs none in LiteLLM; null for others.</summary>
    /// <param name="model">Value of <c>litellm_params.model</c>.</param>
    /// <param name="custom">Value of <c>litellm_params.custom_llm_provider</c>.</param>
    public static string? Address(string model, string? custom) =>
        Addresses.GetValueOrDefault(custom ?? (model.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? model[..slash] : ""));

    private static string? Find(string name, bool hasAddress) =>
        Known.GetValueOrDefault(name) ?? (hasAddress && OpenAiCompatible.Contains(name) ? "openAI" : null);
}

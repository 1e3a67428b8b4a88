using AgentGateway.Configuration.Snapshot.Llm;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Providers that are known by name and speak formats of others: the address of their API and the formats they answer.</summary>
internal static class LlmPresets
{
    /// <summary>What a preset stands for; null when the name is a provider of its own kind.</summary>
    public static LlmPreset? Find(LlmProviderName name) => name switch
    {
        LlmProviderName.Cohere => Make("cohere", "https://api.cohere.ai", [
            At(ProviderFormat.Completions, "/compatibility/v1/chat/completions"), At(ProviderFormat.Embeddings, "/compatibility/v1/embeddings"), At(ProviderFormat.Rerank, "/v2/rerank")]),
        LlmProviderName.Ollama => Make("ollama", "http://localhost:11434/v1", [ProviderFormat.Completions, ProviderFormat.Responses, ProviderFormat.Embeddings]),
        LlmProviderName.Baseten => Make("baseten", "https://inference.baseten.co/v1", [ProviderFormat.Completions, ProviderFormat.Messages]),
        LlmProviderName.Cerebras => Make("cerebras", "https://api.cerebras.ai/v1", [ProviderFormat.Completions]),
        LlmProviderName.DeepInfra => Make("deepinfra", "https://api.deepinfra.com/v1/openai", [
            At(ProviderFormat.Completions), At(ProviderFormat.Messages, "/anthropic/v1/messages"), At(ProviderFormat.Embeddings)]),
        LlmProviderName.DeepSeek => Make("deepseek", "https://api.deepseek.com/v1", [
            At(ProviderFormat.Completions), At(ProviderFormat.Messages, "/anthropic/v1/messages"), At(ProviderFormat.Responses)]),
        LlmProviderName.Groq => Make("groq", "https://api.groq.com/openai/v1", [ProviderFormat.Completions, ProviderFormat.Responses]),
        LlmProviderName.HuggingFace => Make("huggingface", "https://router.huggingface.co/v1", [ProviderFormat.Completions, ProviderFormat.Responses]),
        LlmProviderName.Mistral => Make("mistral", "https://api.mistral.ai/v1", [ProviderFormat.Completions, ProviderFormat.Embeddings]),
        LlmProviderName.OpenRouter => Make("openrouter", "https://openrouter.ai/api/v1", [
            ProviderFormat.Completions, ProviderFormat.Messages, ProviderFormat.Responses, ProviderFormat.Embeddings, ProviderFormat.Rerank]),
        LlmProviderName.TogetherAi => Make("togetherai", "https://api.together.xyz/v1", [ProviderFormat.Completions, ProviderFormat.Embeddings, ProviderFormat.Rerank]),
        LlmProviderName.XAi => Make("xai", "https://api.x.ai/v1", [ProviderFormat.Completions, ProviderFormat.Responses, ProviderFormat.Realtime]),
        LlmProviderName.Fireworks => Make("fireworks", "https://api.fireworks.ai/inference/v1", [
            ProviderFormat.Completions, ProviderFormat.Messages, ProviderFormat.Responses, ProviderFormat.Embeddings, ProviderFormat.Rerank]),
        _ => null,
    };

    private static LlmPreset Make(string name, string baseUrl, ReadOnlySpan<ProviderFormat> formats)
    {
        var all = new CustomProviderFormat[formats.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = At(formats[i]);
        }

        return Make(name, baseUrl, all);
    }

    private static LlmPreset Make(string name, string baseUrl, CustomProviderFormat[] formats) =>
        new(baseUrl, new CustomProvider { ProviderOverride = name, Formats = [.. formats] });

    private static CustomProviderFormat At(ProviderFormat format, string? path = null) => new() { Type = format, Path = path };
}

/// <summary>What a preset stands for.</summary>
/// <param name="BaseUrl">Address of its API.</param>
/// <param name="Provider">Its name in telemetry and its formats.</param>
internal sealed record LlmPreset(string BaseUrl, CustomProvider Provider);

using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>
/// How a model names its provider. Exactly one of the three is set as written; normalised, a reference is resolved, and a preset has its name
/// and what it stands for.
/// </summary>
/// <param name="Name">A built-in provider or preset by its name, such as <c>openai</c> or <c>ollama</c>.</param>
/// <param name="Reference">Name of an entry of <c>llm.providers</c>.</param>
/// <param name="Custom">A custom provider.</param>
public sealed record LlmProviderChoice(LlmProviderName? Name, string? Reference, CustomProvider? Custom)
{
    internal static Shape<LlmProviderChoice> Shape { get; } = Shapes.ByKind(
        scalar: Shapes.Enum(
            ("openAI", LlmProviderName.OpenAi), ("openai", LlmProviderName.OpenAi), ("gemini", LlmProviderName.Gemini), ("vertex", LlmProviderName.Vertex),
            ("anthropic", LlmProviderName.Anthropic), ("bedrock", LlmProviderName.Bedrock), ("azure", LlmProviderName.Azure), ("copilot", LlmProviderName.Copilot),
            ("cohere", LlmProviderName.Cohere), ("ollama", LlmProviderName.Ollama), ("baseten", LlmProviderName.Baseten), ("cerebras", LlmProviderName.Cerebras),
            ("deepinfra", LlmProviderName.DeepInfra), ("deepseek", LlmProviderName.DeepSeek), ("groq", LlmProviderName.Groq), ("huggingface", LlmProviderName.HuggingFace),
            ("mistral", LlmProviderName.Mistral), ("openrouter", LlmProviderName.OpenRouter), ("togetherai", LlmProviderName.TogetherAi), ("xai", LlmProviderName.XAi),
            ("fireworks", LlmProviderName.Fireworks)).As(static name => new LlmProviderChoice(name, null, null)),
        mapping: Shapes.Object("LlmProviderChoice", "A provider of `llm.providers`, or a custom one.", static r =>
        {
            var reference = r.Optional("reference", Shapes.NonEmptyText, "Name of an entry of `llm.providers`.", "main");
            var custom = r.Optional("custom", CustomProvider.Shape, "A custom provider.");
            r.ExactlyOne("reference", "custom");
            return new LlmProviderChoice(null, reference, custom);
        }));
}

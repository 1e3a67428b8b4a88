namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A provider that is known by name; those after <see cref="Copilot"/> are presets of a custom provider.</summary>
public enum LlmProviderName
{
    /// <summary>OpenAI.</summary>
    OpenAi,

    /// <summary>Google Gemini.</summary>
    Gemini,

    /// <summary>Google Vertex AI.</summary>
    Vertex,

    /// <summary>Anthropic.</summary>
    Anthropic,

    /// <summary>Amazon Bedrock.</summary>
    Bedrock,

    /// <summary>Azure.</summary>
    Azure,

    /// <summary>GitHub Copilot.</summary>
    Copilot,

    /// <summary>Cohere.</summary>
    Cohere,

    /// <summary>Ollama.</summary>
    Ollama,

    /// <summary>Baseten.</summary>
    Baseten,

    /// <summary>Cerebras.</summary>
    Cerebras,

    /// <summary>DeepInfra.</summary>
    DeepInfra,

    /// <summary>DeepSeek.</summary>
    DeepSeek,

    /// <summary>Groq.</summary>
    Groq,

    /// <summary>Hugging Face.</summary>
    HuggingFace,

    /// <summary>Mistral.</summary>
    Mistral,

    /// <summary>OpenRouter.</summary>
    OpenRouter,

    /// <summary>Together AI.</summary>
    TogetherAi,

    /// <summary>xAI.</summary>
    XAi,

    /// <summary>Fireworks.</summary>
    Fireworks,
}

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A wire format that a custom provider speaks.</summary>
public enum ProviderFormat
{
    /// <summary>OpenAI chat completions.</summary>
    Completions,

    /// <summary>Anthropic messages.</summary>
    Messages,

    /// <summary>OpenAI responses.</summary>
    Responses,

    /// <summary>Embeddings.</summary>
    Embeddings,

    /// <summary>Anthropic token count.</summary>
    AnthropicTokenCount,

    /// <summary>Gemini content generation.</summary>
    GenerateContent,

    /// <summary>Gemini token count.</summary>
    GeminiCountTokens,

    /// <summary>OpenAI realtime.</summary>
    Realtime,

    /// <summary>Reranking.</summary>
    Rerank,
}

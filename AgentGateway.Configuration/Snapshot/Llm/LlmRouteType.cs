namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>What kind of LLM request a path carries.</summary>
public enum LlmRouteType
{
    /// <summary>OpenAI chat completions.</summary>
    Completions,

    /// <summary>Anthropic messages.</summary>
    Messages,

    /// <summary>List of models.</summary>
    Models,

    /// <summary>Passed through unread.</summary>
    Passthrough,

    /// <summary>Found out from the request.</summary>
    Detect,

    /// <summary>OpenAI responses.</summary>
    Responses,

    /// <summary>Embeddings.</summary>
    Embeddings,

    /// <summary>OpenAI realtime.</summary>
    Realtime,

    /// <summary>Anthropic token count.</summary>
    AnthropicTokenCount,

    /// <summary>Gemini content generation.</summary>
    GenerateContent,

    /// <summary>Gemini token count.</summary>
    GeminiCountTokens,

    /// <summary>Reranking.</summary>
    Rerank,
}

namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>llm</c>. Fields without a value are absent. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class LlmMember
{
    /// <summary>Whether the response is streamed.</summary>
    public const int Streaming = 0;

    /// <summary>Model the client asked for.</summary>
    public const int RequestModel = 1;

    /// <summary>Model that answered.</summary>
    public const int ResponseModel = 2;

    /// <summary>Provider, such as <c>openai</c> or <c>anthropic</c>.</summary>
    public const int Provider = 3;

    /// <summary>Input tokens, including cached ones.</summary>
    public const int InputTokens = 4;

    /// <summary>Input tokens as the provider counts them.</summary>
    public const int ProviderInputTokens = 5;

    /// <summary>Input tokens of images.</summary>
    public const int InputImageTokens = 6;

    /// <summary>Input tokens of text.</summary>
    public const int InputTextTokens = 7;

    /// <summary>Input tokens of audio.</summary>
    public const int InputAudioTokens = 8;

    /// <summary>Input tokens read from a cache.</summary>
    public const int CachedInputTokens = 9;

    /// <summary>Input tokens written to a cache.</summary>
    public const int CacheCreationInputTokens = 10;

    /// <summary>Output tokens.</summary>
    public const int OutputTokens = 11;

    /// <summary>Output tokens of images.</summary>
    public const int OutputImageTokens = 12;

    /// <summary>Output tokens of text.</summary>
    public const int OutputTextTokens = 13;

    /// <summary>Output tokens of audio.</summary>
    public const int OutputAudioTokens = 14;

    /// <summary>Output tokens spent on reasoning.</summary>
    public const int ReasoningTokens = 15;

    /// <summary>Input and output tokens.</summary>
    public const int TotalTokens = 16;

    /// <summary>Total as the provider counts it.</summary>
    public const int ProviderTotalTokens = 17;

    /// <summary>Service tier the provider reports.</summary>
    public const int ServiceTier = 18;

    /// <summary>Time until the first token of a stream.</summary>
    public const int TimeToFirstToken = 19;

    /// <summary>Mean time between tokens of a stream.</summary>
    public const int TimePerOutputToken = 20;

    /// <summary>Result of a token counting request.</summary>
    public const int CountTokens = 21;

    /// <summary>Messages of the prompt, each with <c>role</c> and <c>content</c>; reading it makes the gateway keep them.</summary>
    public const int Prompt = 22;

    /// <summary>Text of the completion, one string a choice; reading it makes the gateway keep it.</summary>
    public const int Completion = 23;

    /// <summary>Tool calls of the completion, each with <c>id</c>, <c>name</c> and <c>arguments</c>; reading it makes the gateway keep them.</summary>
    public const int ToolCalls = 24;

    /// <summary>Parameters of the request.</summary>
    public const int Params = 25;

    /// <summary>Cost in the currency of the price list.</summary>
    public const int Cost = 26;

    /// <summary>Rates the cost was computed with.</summary>
    public const int CostRates = 27;
}

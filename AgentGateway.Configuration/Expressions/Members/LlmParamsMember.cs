namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>llm.params</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class LlmParamsMember
{
    /// <summary>Sampling temperature.</summary>
    public const int Temperature = 0;

    /// <summary>Nucleus sampling.</summary>
    public const int TopP = 1;

    /// <summary>Frequency penalty.</summary>
    public const int FrequencyPenalty = 2;

    /// <summary>Presence penalty.</summary>
    public const int PresencePenalty = 3;

    /// <summary>Seed.</summary>
    public const int Seed = 4;

    /// <summary>Most tokens to generate.</summary>
    public const int MaxTokens = 5;

    /// <summary>Format of embeddings.</summary>
    public const int EncodingFormat = 6;

    /// <summary>Dimensions of embeddings.</summary>
    public const int Dimensions = 7;
}

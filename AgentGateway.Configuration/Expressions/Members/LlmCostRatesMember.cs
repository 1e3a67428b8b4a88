namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>llm.costRates</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class LlmCostRatesMember
{
    /// <summary>Rate of input tokens.</summary>
    public const int Input = 0;

    /// <summary>Rate of output tokens.</summary>
    public const int Output = 1;

    /// <summary>Rate of tokens read from a cache.</summary>
    public const int CacheRead = 2;

    /// <summary>Rate of tokens written to a cache.</summary>
    public const int CacheWrite = 3;

    /// <summary>Rate of reasoning tokens.</summary>
    public const int Reasoning = 4;

    /// <summary>Rate of audio input.</summary>
    public const int InputAudio = 5;

    /// <summary>Rate of audio output.</summary>
    public const int OutputAudio = 6;
}

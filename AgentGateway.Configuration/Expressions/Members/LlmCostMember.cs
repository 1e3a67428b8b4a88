namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>llm.cost</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class LlmCostMember
{
    /// <summary>Total cost.</summary>
    public const int Total = 0;

    /// <summary>Cost of input tokens.</summary>
    public const int Input = 1;

    /// <summary>Cost of output tokens.</summary>
    public const int Output = 2;

    /// <summary>Cost of tokens read from a cache.</summary>
    public const int CacheRead = 3;

    /// <summary>Cost of tokens written to a cache.</summary>
    public const int CacheWrite = 4;

    /// <summary>Cost of reasoning tokens.</summary>
    public const int Reasoning = 5;

    /// <summary>Cost of audio input.</summary>
    public const int InputAudio = 6;

    /// <summary>Cost of audio output.</summary>
    public const int OutputAudio = 7;
}

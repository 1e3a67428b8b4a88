using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Cache points for providers that need them.</summary>
public sealed record PromptCaching
{
    internal static Shape<PromptCaching> Shape { get; } = Shapes.Object("PromptCaching", "Cache points for providers that need them.", Read);

    /// <summary>After the system prompt.</summary>
    public bool CacheSystem { get; init; } = true;

    /// <summary>After messages.</summary>
    public bool CacheMessages { get; init; } = true;

    /// <summary>After tools.</summary>
    public bool CacheTools { get; init; }

    /// <summary>Fewest tokens worth a cache point.</summary>
    public int MinTokens { get; init; } = 1024;

    /// <summary>Messages at the end that stay outside.</summary>
    public int CacheMessageOffset { get; init; }

    private static PromptCaching Read(ObjectReader r) => new()
    {
        CacheSystem = r.Value("cacheSystem", Shapes.Flag, true, "After the system prompt.", "true"),
        CacheMessages = r.Value("cacheMessages", Shapes.Flag, true, "After messages.", "true"),
        CacheTools = r.Value("cacheTools", Shapes.Flag, false, "After tools.", "false"),
        MinTokens = r.Value("minTokens", Shapes.Int(0, 10000000, "1024"), 1024, "Fewest tokens worth a cache point.", "1024"),
        CacheMessageOffset = r.Value("cacheMessageOffset", Shapes.Int(0, 10000000, "0"), 0, "Messages at the end that stay outside.", "0"),
    };
}

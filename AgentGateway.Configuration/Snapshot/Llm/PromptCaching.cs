using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Cache points for providers that need them.</summary>
public sealed record PromptCaching
{
    internal static Shape<PromptCaching> Shape { get; } = Shapes.Object("PromptCaching", "Cache points for providers that need them.", Read);

    private static readonly string[] Keys = ["cacheSystem", "cacheMessages", "cacheTools", "minTokens", "cacheMessageOffset"];

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

    /// <summary>Keys that the document sets, for <see cref="Over"/>.</summary>
    private EquatableArray<string> Set { get; init; } = [];

    /// <summary>These settings, with those of <paramref name="lower"/> where the document says nothing.</summary>
    internal PromptCaching Over(PromptCaching? lower) => lower is null ? this : new PromptCaching
    {
        CacheSystem = Set.Contains("cacheSystem") ? CacheSystem : lower.CacheSystem,
        CacheMessages = Set.Contains("cacheMessages") ? CacheMessages : lower.CacheMessages,
        CacheTools = Set.Contains("cacheTools") ? CacheTools : lower.CacheTools,
        MinTokens = Set.Contains("minTokens") ? MinTokens : lower.MinTokens,
        CacheMessageOffset = Set.Contains("cacheMessageOffset") ? CacheMessageOffset : lower.CacheMessageOffset,
    };

    private static PromptCaching Read(ObjectReader r) => new()
    {
        Set = [.. Keys.Where(r.IsSet)],
        CacheSystem = r.Value("cacheSystem", Shapes.Flag, true, "After the system prompt.", "true"),
        CacheMessages = r.Value("cacheMessages", Shapes.Flag, true, "After messages.", "true"),
        CacheTools = r.Value("cacheTools", Shapes.Flag, false, "After tools.", "false"),
        MinTokens = r.Value("minTokens", Shapes.Int(0, 10000000, "1024"), 1024, "Fewest tokens worth a cache point.", "1024"),
        CacheMessageOffset = r.Value("cacheMessageOffset", Shapes.Int(0, 10000000, "0"), 0, "Messages at the end that stay outside.", "0"),
    };
}

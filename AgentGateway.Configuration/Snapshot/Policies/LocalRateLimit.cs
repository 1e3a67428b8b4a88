using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A token bucket that starts full.</summary>
public sealed record LocalRateLimit
{
    internal static Shape<LocalRateLimit> Shape { get; } = Shapes.Object("LocalRateLimit", "A token bucket that starts full.", Read);

    internal static Shape<Conditional<LocalRateLimit>> ChoicesShape { get; } = Conditional.ChoicesShape("LocalRateLimit", "A token bucket that starts full.", Read);

    /// <summary>Size of the bucket; at least <c>tokensPerFill</c>.</summary>
    public long MaxTokens { get; init; }

    /// <summary>Tokens added at each fill.</summary>
    public long TokensPerFill { get; init; }

    /// <summary>Time between fills.</summary>
    public required TimeSpan FillInterval { get; init; }

    /// <summary>What is counted.</summary>
    public RateLimitType Type { get; init; }

    /// <summary>A bucket for each value of this expression instead of one for all (an addition of this gateway).</summary>
    public Expression? Key { get; init; }

    private static LocalRateLimit Read(ObjectReader r)
    {
        var v = new LocalRateLimit
        {
            MaxTokens = r.Value("maxTokens", Shapes.Long(0, 9007199254740991, "10"), 0, "Size of the bucket; at least `tokensPerFill`.", "0"),
            TokensPerFill = r.Value("tokensPerFill", Shapes.Long(0, 9007199254740991, "1"), 0, "Tokens added at each fill.", "0"),
            FillInterval = r.Required("fillInterval", Shapes.PositiveDuration, "Time between fills.", "1s"),
            Type = r.Value("type", EnumShapes.RateLimitTypeWords, RateLimitType.Requests, "What is counted.", "requests"),
            Key = r.Optional("key", Expression.Shape, "A bucket for each value of this expression instead of one for all (an addition of this gateway).", "jwt.sub"),
        };
        if (!r.Describing && v.MaxTokens < v.TokensPerFill) { r.Error(r.IsSet("maxTokens") ? "maxTokens" : "tokensPerFill", "max tokens cannot be less than the refill amount; raise maxTokens or lower tokensPerFill"); }
        return v;
    }
}

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A session tag.</summary>
public sealed record AwsSessionTag
{
    /// <summary>Name of the tag.</summary>
    public required string Key { get; init; }

    /// <summary>Fixed value.</summary>
    public string? Value { get; init; }

    /// <summary>Expression that gives the value.</summary>
    public Expression? Expression { get; init; }
}

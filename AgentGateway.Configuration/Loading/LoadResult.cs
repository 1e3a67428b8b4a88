using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Loading;

/// <summary>What became of a configuration text.</summary>
public sealed record LoadResult
{
    /// <summary>What the gateway runs on; null when there are errors.</summary>
    public GatewaySnapshot? Snapshot { get; init; }

    /// <summary>Process-wide settings of the <c>config</c> section; null when there are errors.</summary>
    public StaticSettings? Settings { get; init; }

    /// <summary>All errors of the text, in the order of their places.</summary>
    public required IReadOnlyList<ConfigurationProblem> Errors { get; init; }

    /// <summary>What is accepted and probably not meant, and keys without effect.</summary>
    public required IReadOnlyList<ConfigurationProblem> Warnings { get; init; }

    /// <summary>Files whose content is part of the result: a change of one of them asks for a reload.</summary>
    public IReadOnlyCollection<string> ReferencedFiles { get; init; } = [];

    /// <summary>True when the gateway acts on everything that the text says; false when some of it was only checked.</summary>
    public bool IsSupported { get; init; } = true;

    /// <summary>True when there are no errors.</summary>
    public bool IsValid => Errors.Count == 0;
}

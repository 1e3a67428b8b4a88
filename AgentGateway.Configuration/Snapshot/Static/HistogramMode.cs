namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Form of Prometheus histograms.</summary>
public enum HistogramMode
{
    /// <summary>Fixed buckets.</summary>
    Classic,

    /// <summary>Native histograms.</summary>
    Native,

    /// <summary>Both.</summary>
    Both,
}

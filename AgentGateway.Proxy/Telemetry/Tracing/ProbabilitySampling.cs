using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>Decides sampling rules at random for each request.</summary>
internal readonly struct ProbabilitySampling(Random random) : ISamplingEvaluator
{
    public bool Evaluate(SamplingRule rule) => Hits(rule.Probability, random);

    /// <summary>True with the given probability; one that is no number never hits.</summary>
    public static bool Hits(double probability, Random random) => probability switch
    {
        >= 1 => true,
        > 0 => random.NextDouble() < probability,
        _ => false,
    };
}

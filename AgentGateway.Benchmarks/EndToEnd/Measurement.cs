namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>What a load generator saw.</summary>
/// <param name="Requests">Completed requests (streams).</param>
/// <param name="PerSecond">Completed per second.</param>
/// <param name="P50">Median latency in milliseconds; of streams, until the first event.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Failures">Answers other than 2xx, and connections that broke.</param>
internal sealed record LoadResult(long Requests, double PerSecond, double P50, double P99, long Failures);

/// <summary>One measurement of a target.</summary>
/// <param name="Load">What the client saw.</param>
/// <param name="CpuMicroseconds">User and system time of the target for one request.</param>
/// <param name="ResidentMegabytes">Resident memory afterwards.</param>
internal sealed record Measurement(LoadResult Load, double CpuMicroseconds, double ResidentMegabytes)
{
    /// <summary>Medians of each figure over the rounds.</summary>
    public static Measurement MedianOf(IReadOnlyList<Measurement> rounds) => new(
        new LoadResult(
            rounds.Sum(round => round.Load.Requests),
            Median(rounds, round => round.Load.PerSecond),
            Median(rounds, round => round.Load.P50),
            Median(rounds, round => round.Load.P99),
            rounds.Sum(round => round.Load.Failures)),
        Median(rounds, round => round.CpuMicroseconds),
        Median(rounds, round => round.ResidentMegabytes));

    private static double Median(IReadOnlyList<Measurement> rounds, Func<Measurement, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

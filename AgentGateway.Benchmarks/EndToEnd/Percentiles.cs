namespace AgentGateway.Benchmarks.EndToEnd;

internal static class Percentiles
{
    /// <summary>Sums up the times of single requests, in milliseconds.</summary>
    public static LoadResult Of(List<double> milliseconds, TimeSpan duration, long failures)
    {
        milliseconds.Sort();
        return milliseconds.Count == 0
            ? new LoadResult(0, 0, 0, 0, failures)
            : new LoadResult(milliseconds.Count, milliseconds.Count / duration.TotalSeconds, At(milliseconds, 0.50), At(milliseconds, 0.99), failures);
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}

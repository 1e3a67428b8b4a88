namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Measures every pair of target and workload in interleaved rounds, so that the drift of the machine hits all alike.</summary>
internal sealed class Comparison(BenchmarkOptions options, string folder, TextWriter progress)
{
    /// <summary>Load before each measurement, after the target was stopped.</summary>
    private static readonly TimeSpan Rewarm = TimeSpan.FromSeconds(1);

    // Some 120 paced streams end in a second: over four seconds the p99 would be the fifth largest time, which is chance.
    private const int StreamFactor = 3;

    private readonly Dictionary<(string Workload, string Target), List<Measurement>> _rounds = [];

    public async Task<IReadOnlyDictionary<(string Workload, string Target), Measurement>> RunAsync(IReadOnlyList<Target> targets, IReadOnlyList<Workload> workloads)
    {
        foreach (var target in targets)
        {
            foreach (var workload in workloads)
            {
                if (Applies(target, workload))
                {
                    await progress.WriteLineAsync($"warming {target.Name} with {workload.Name}");
                    await LoadFor(workload).RunAsync(target.PortOf(workload), workload, TimeSpan.FromSeconds(options.Warm));
                }
            }

            target.Process?.Pause();
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var workload in workloads)
            {
                foreach (var target in targets)
                {
                    if (Applies(target, workload))
                    {
                        await MeasureAsync(round, target, workload);
                    }
                }
            }
        }

        return _rounds.ToDictionary(pair => pair.Key, pair => Measurement.MedianOf(pair.Value));
    }

    private static bool Applies(Target target, Workload workload) => !workload.Http2 || target.HasHttp2;

    private async Task MeasureAsync(int round, Target target, Workload workload)
    {
        var load = LoadFor(workload);
        target.Process?.Resume();
        try
        {
            await load.RunAsync(target.PortOf(workload), workload, Rewarm);
            var before = target.Process?.Cpu ?? TimeSpan.Zero;
            var result = await load.RunAsync(target.PortOf(workload), workload, TimeSpan.FromSeconds(workload.Streams ? options.Seconds * StreamFactor : options.Seconds));
            var cpu = (target.Process?.Cpu ?? TimeSpan.Zero) - before;
            var measurement = new Measurement(result, result.Requests == 0 ? 0 : cpu.TotalMicroseconds / result.Requests, target.Process?.ResidentMegabytes ?? 0);
            if (!_rounds.TryGetValue((workload.Name, target.Name), out var rounds))
            {
                _rounds[(workload.Name, target.Name)] = rounds = [];
            }

            rounds.Add(measurement);
            await progress.WriteLineAsync(FormattableString.Invariant(
                $"round {round} {workload.Name} {target.Name}: {result.PerSecond:F0}/s p50 {result.P50:F2} p99 {result.P99:F2} ms, {measurement.CpuMicroseconds:F1} us, {measurement.ResidentMegabytes:F0} MB, {result.Failures} failed"));
        }
        finally
        {
            target.Process?.Pause();
        }
    }

    private ILoadGenerator LoadFor(Workload workload)
    {
        if (workload.Streams)
        {
            return new OwnLoad(options.Connections);
        }

        return (workload.Http2, BenchmarkProcess.FindTool("wrk"), BenchmarkProcess.FindTool("h2load")) switch
        {
            (false, not null, _) => new WrkLoad(options.Connections, folder),
            (true, _, not null) => new H2LoadLoad(options.Connections, folder),
            _ => new OwnLoad(options.Connections),
        };
    }
}

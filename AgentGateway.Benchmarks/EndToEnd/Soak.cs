using System.Diagnostics;
using System.Globalization;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Full load while the configuration is written anew every second: no request may fail, and memory must not grow after warm-up.</summary>
internal static class Soak
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(BenchmarkOptions options, string folder, Target gateway, string configuration, TextWriter output)
    {
        var process = gateway.Process!;
        ILoadGenerator load = BenchmarkProcess.FindTool("wrk") is null ? new OwnLoad(options.Connections) : new WrkLoad(options.Connections, folder);
        var text = await File.ReadAllTextAsync(configuration);
        using var stop = new CancellationTokenSource();
        var reloading = ReloadAsync(configuration, text, stop.Token);
        var clock = Stopwatch.StartNew();
        long requests = 0, failures = 0;
        double warm = 0;
        while (clock.Elapsed < TimeSpan.FromSeconds(options.Soak))
        {
            var result = await load.RunAsync(gateway.Port, Workload.All[0], Sample);
            requests += result.Requests;
            failures += result.Failures;
            var memory = process.ResidentMegabytes;
            // The first half is warm-up: each reload makes more of the parser worth compiling, which takes memory once.
            if (warm == 0 && clock.Elapsed > TimeSpan.FromSeconds(options.Soak / 2.0))
            {
                warm = memory;
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{clock.Elapsed.TotalSeconds:F0} s: {result.PerSecond:F0}/s, p99 {result.P99:F2} ms, {memory:F1} MB, {failures} failed of {requests}"));
        }

        await stop.CancelAsync();
        var reloads = await reloading;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{requests} requests, {reloads} reloads, {failures} failed; {warm:F1} MB after the first half, {process.ResidentMegabytes:F1} MB at the end"));
        return failures == 0 ? 0 : 1;
    }

    private static async Task<int> ReloadAsync(string file, string text, CancellationToken cancellationToken)
    {
        var count = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            // A comment changes the text and so makes a reload, not the meaning.
            await File.WriteAllTextAsync(file, $"{text}# {count++}\n", CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return count;
    }
}

using System.Diagnostics;
using System.Globalization;
using AgentGateway.Benchmarks.EndToEnd;
using AgentGateway.Configuration.Loading;
using LoadResult = AgentGateway.Configuration.Loading.LoadResult;

namespace AgentGateway.Benchmarks.Loading;

/// <summary>Measures what a large configuration costs: reading and normalising it in this process, and a whole start of the gateway with it.</summary>
internal static class LoadCommand
{
    private const int Rounds = 10;
    private const double Megabyte = 1024 * 1024;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var routes = 10_000;
        if (arguments is not [] && !(arguments is ["--routes", var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out routes)))
        {
            await Console.Error.WriteLineAsync("usage: AgentGateway.Benchmarks load [--routes N]");
            return 2;
        }

        var text = ManyRoutes.Text(routes, 3000);
        Console.WriteLine($"{routes} routes, {text.Length / Megabyte:0.0} MB of YAML");
        Read(text);
        await StartAsync(routes);
        return 0;
    }

    private static void Read(string text)
    {
        var options = LoadOptions.ForProcess(forRuntime: true);
        var first = Time(text, options, out var result);
        if (!result.IsValid)
        {
            throw new InvalidOperationException(string.Join('\n', result.Errors.Take(5)));
        }

        var best = first;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var round = 0; round < Rounds; round++)
        {
            best = new[] { best, Time(text, options, out result) }.Min();
        }

        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / Rounds / Megabyte;
        var held = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(result);
        result = null!;
        var kept = (held - GC.GetTotalMemory(forceFullCollection: true)) / Megabyte;
        Console.WriteLine($"read and normalise: first {first.TotalMilliseconds:0} ms, best of {Rounds} {best.TotalMilliseconds:0} ms, {allocated:0} MB allocated, {kept:0} MB kept");
    }

    private static TimeSpan Time(string text, LoadOptions options, out LoadResult result)
    {
        var start = Stopwatch.GetTimestamp();
        result = ConfigurationLoader.Load(text, "routes.yaml", options);
        return Stopwatch.GetElapsedTime(start);
    }

    // The whole process, with the routes compiled and the port open; the same with one route is what the rest costs.
    private static async Task StartAsync(int routes)
    {
        var folder = Directory.CreateTempSubdirectory("agentgateway-load-").FullName;
        try
        {
            foreach (var count in new[] { 1, routes })
            {
                var port = BenchmarkProcess.FreePort();
                var file = Path.Combine(folder, $"{count}.yaml");
                await File.WriteAllTextAsync(file, ManyRoutes.Text(count, port));
                var start = Stopwatch.GetTimestamp();
                using var gateway = await BenchmarkProcess.StartAsync(port, null, "dotnet", TargetFactory.Built("AgentGateway.Proxy"), "-f", file);
                var elapsed = Stopwatch.GetElapsedTime(start);
                Console.WriteLine($"start of the gateway with {count} route(s): {elapsed.TotalMilliseconds:0} ms, at most {gateway.PeakMegabytes:0} MB resident");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>The end-to-end comparison: starts everything on loopback, measures, prints.</summary>
internal static class EndToEndCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (BenchmarkOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(BenchmarkOptions.Help);
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("agentgateway-bench-").FullName;
        try
        {
            using var factory = new TargetFactory(folder, options.Soak > 0 ? ["gateway"] : options.Only);
            var ports = await factory.StartUpstreamsAsync();
            var targets = await factory.StartTargetsAsync(ports);
            return options.Soak > 0
                ? await Soak.RunAsync(options, folder, targets.Single(), Path.Combine(folder, "gateway-plain.yaml"), Console.Out)
                : await CompareAsync(options, folder, factory, targets);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> CompareAsync(BenchmarkOptions options, string folder, TargetFactory factory, IReadOnlyList<Target> targets)
    {
        var workloads = Workload.All.Where(workload => options.Workloads.Count == 0 || options.Workloads.Contains(workload.Name)).ToArray();
        var results = await new Comparison(options, folder, Console.Error).RunAsync(targets, workloads);
        Console.Out.WriteLine(Report.Markdown(results, workloads, factory.Unavailable));
        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, Report.Json(results, factory.Unavailable));
        }

        return 0;
    }
}

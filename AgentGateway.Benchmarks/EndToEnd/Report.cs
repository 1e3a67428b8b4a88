using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>The figures as a Markdown table and as JSON. Only ratios of one run count.</summary>
internal static class Report
{
    public static string Markdown(
        IReadOnlyDictionary<(string Workload, string Target), Measurement> results,
        IReadOnlyList<Workload> workloads,
        IReadOnlyDictionary<string, string> unavailable)
    {
        var text = new StringBuilder();
        text.AppendLine("| workload | target | requests/s | p50 ms | p99 ms | CPU us/request | RSS MB | CPU x YARP | CPU x nginx | failed |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var workload in workloads)
        {
            foreach (var ((name, target), figures) in results)
            {
                if (name == workload.Name)
                {
                    text.AppendLine(CultureInfo.InvariantCulture,
                        $"| {name} | {target} | {figures.Load.PerSecond:F0} | {figures.Load.P50:F2} | {figures.Load.P99:F2} | {Cpu(figures)} | {figures.ResidentMegabytes:F0} | {Ratio(results, figures, name, "yarp")} | {Ratio(results, figures, name, "nginx")} | {figures.Load.Failures} |");
                }
            }
        }

        foreach (var (target, reason) in unavailable)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{target}: not measured, {reason}");
        }

        return text.ToString();
    }

    public static string Json(IReadOnlyDictionary<(string Workload, string Target), Measurement> results, IReadOnlyDictionary<string, string> unavailable)
    {
        var rows = new JsonArray();
        foreach (var ((workload, target), figures) in results)
        {
            rows.Add(new JsonObject
            {
                ["workload"] = workload,
                ["target"] = target,
                ["requestsPerSecond"] = figures.Load.PerSecond,
                ["p50Milliseconds"] = figures.Load.P50,
                ["p99Milliseconds"] = figures.Load.P99,
                ["cpuMicrosecondsPerRequest"] = figures.CpuMicroseconds,
                ["residentMegabytes"] = figures.ResidentMegabytes,
                ["cpuTimesYarp"] = RatioOf(results, figures, workload, "yarp"),
                ["cpuTimesNginx"] = RatioOf(results, figures, workload, "nginx"),
                ["requests"] = figures.Load.Requests,
                ["failures"] = figures.Load.Failures,
            });
        }

        var missing = new JsonObject();
        foreach (var (target, reason) in unavailable)
        {
            missing[target] = reason;
        }

        return new JsonObject { ["results"] = rows, ["unavailable"] = missing }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
    }

    private static string Cpu(Measurement figures) => figures.CpuMicroseconds == 0 ? "-" : figures.CpuMicroseconds.ToString("F1", CultureInfo.InvariantCulture);

    private static string Ratio(IReadOnlyDictionary<(string Workload, string Target), Measurement> results, Measurement figures, string workload, string other) =>
        RatioOf(results, figures, workload, other) is { } ratio ? ratio.ToString("F2", CultureInfo.InvariantCulture) : "-";

    private static double? RatioOf(IReadOnlyDictionary<(string Workload, string Target), Measurement> results, Measurement figures, string workload, string other) =>
        figures.CpuMicroseconds > 0 && results.TryGetValue((workload, other), out var peer) && peer.CpuMicroseconds > 0 ? figures.CpuMicroseconds / peer.CpuMicroseconds : null;
}

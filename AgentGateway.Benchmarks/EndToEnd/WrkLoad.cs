using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>wrk: HTTP/1.1 with kept connections, closed loop. The cheapest generator, so that the most of the machine is left to the target.</summary>
internal sealed partial class WrkLoad(int connections, string folder) : ILoadGenerator
{
    public async Task<LoadResult> RunAsync(int port, Workload workload, TimeSpan duration)
    {
        var script = Path.Combine(folder, $"wrk-{workload.Name}.lua");
        var lua = workload.BodyBytes == 0
            ? "wrk.method = \"GET\"\n"
            : $"wrk.method = \"POST\"\nwrk.body = string.rep(\"x\", {workload.BodyBytes})\nwrk.headers[\"Content-Type\"] = \"application/json\"\n";
        lua += $"wrk.headers[\"Authorization\"] = \"Bearer {BenchmarkToken.Value}\"\n";
        await File.WriteAllTextAsync(script, lua);
        var output = await ToolOutput.OfAsync(
            "wrk", "-t1", $"-c{connections}", $"-d{(int)duration.TotalSeconds}s", "--latency", "-s", script, $"http://127.0.0.1:{port}{workload.Path}");
        var requests = long.Parse(Value(RequestsLine(), output), CultureInfo.InvariantCulture);
        var refused = Value(RefusedLine(), output);
        var failures = refused.Length == 0 ? 0 : long.Parse(refused, CultureInfo.InvariantCulture);
        foreach (Match match in SocketErrors().Matches(output))
        {
            failures += match.Groups.Values.Skip(1).Sum(group => long.Parse(group.Value, CultureInfo.InvariantCulture));
        }

        return new LoadResult(requests, double.Parse(Value(RateLine(), output), CultureInfo.InvariantCulture), Latency(output, "50"), Latency(output, "99"), failures);
    }

    private static double Latency(string output, string percentile)
    {
        foreach (Match match in LatencyLine().Matches(output))
        {
            if (match.Groups[1].Value == percentile)
            {
                var scale = match.Groups[3].Value switch { "us" => 0.001, "s" => 1000, "m" => 60_000, _ => 1 };
                return double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) * scale;
            }
        }

        throw new InvalidOperationException($"wrk printed no latency: {output}");
    }

    private static string Value(Regex pattern, string output) => pattern.Match(output) is { Success: true } match ? match.Groups[1].Value : "";

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex RequestsLine();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex RefusedLine();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();

    [GeneratedRegex(@"^\s+(\d+)%\s+([\d.]+)(us|ms|s|m)\s*$", RegexOptions.Multiline)]
    private static partial Regex LatencyLine();
}

using System.Globalization;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>h2load: HTTP/2 without TLS. Its log has the time of every request.</summary>
internal sealed class H2LoadLoad(int connections, string folder) : ILoadGenerator
{
    private const int StreamsPerConnection = 4;

    public async Task<LoadResult> RunAsync(int port, Workload workload, TimeSpan duration)
    {
        var log = Path.Combine(folder, "h2load.log");
        File.Delete(log);
        var clients = Math.Max(1, connections / StreamsPerConnection);
        List<string> arguments =
        [
            $"-c{clients}", $"-m{StreamsPerConnection}", "-t1", $"-D{(int)duration.TotalSeconds}", $"--log-file={log}",
            "-H", $"authorization: Bearer {BenchmarkToken.Value}",
        ];
        if (workload.BodyBytes > 0)
        {
            var body = Path.Combine(folder, $"{workload.Name}.body");
            await File.WriteAllTextAsync(body, new string('x', workload.BodyBytes));
            arguments.AddRange(["-d", body, "-H", "content-type: application/json"]);
        }

        arguments.Add($"http://127.0.0.1:{port}{workload.Path}");
        var output = await ToolOutput.OfAsync("h2load", [.. arguments]);
        if (!File.Exists(log))
        {
            throw new InvalidOperationException($"h2load wrote no log: {output}");
        }

        // Columns: start in microseconds, status (-1 when the stream failed), time in microseconds.
        var times = new List<double>();
        long failures = 0;
        foreach (var line in File.ReadLines(log))
        {
            var columns = line.Split('\t');
            if (columns[1].StartsWith('2'))
            {
                times.Add(double.Parse(columns[2], CultureInfo.InvariantCulture) / 1000);
            }
            else
            {
                failures++;
            }
        }

        return Percentiles.Of(times, duration, failures);
    }
}

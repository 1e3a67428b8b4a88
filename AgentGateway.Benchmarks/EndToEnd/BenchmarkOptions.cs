using System.Globalization;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Options of <c>e2e</c>.</summary>
internal sealed record BenchmarkOptions
{
    public const string Help = """
        e2e: compares the gateway with raw YARP and nginx on loopback, in one run.
          --rounds N        measured rounds of every pair of target and workload, interleaved (5)
          --seconds N       length of one measurement (4), three times that for event streams
          --warm N          warm-up of every pair before the first round, in seconds (8)
          --only A,B        targets: direct, nginx, yarp, gateway, gateway-10k-routes, gateway-traced, gateway-policies
          --workloads A,B   get, post10k, sse, get-h2c, post10k-h2c
          --connections N   connections of the load generator (32)
          --json FILE       also write the figures as JSON
          --soak SECONDS    instead of the comparison: full load on the gateway with a reload every second
        """;

    public int Rounds { get; init; } = 5;

    public int Seconds { get; init; } = 4;

    public int Warm { get; init; } = 8;

    public IReadOnlyList<string> Only { get; init; } = [];

    public IReadOnlyList<string> Workloads { get; init; } = [];

    public int Connections { get; init; } = 32;

    public string? Json { get; init; }

    public int Soak { get; init; }

    /// <summary>Reads the command line; null when help was asked for or an option is wrong.</summary>
    public static BenchmarkOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--rounds": options = options with { Rounds = Number(value) }; break;
                case "--seconds": options = options with { Seconds = Number(value) }; break;
                case "--warm": options = options with { Warm = Number(value) }; break;
                case "--connections": options = options with { Connections = Number(value) }; break;
                case "--soak": options = options with { Soak = Number(value) }; break;
                case "--only": options = options with { Only = List(value) }; break;
                case "--workloads": options = options with { Workloads = List(value) }; break;
                case "--json": options = options with { Json = value }; break;
                default: return null;
            }

            i++;
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

using System.Diagnostics;
using System.Globalization;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Starts upstreams and targets. What this machine or this version cannot run is left out with its reason.</summary>
internal sealed class TargetFactory(string folder, IReadOnlyList<string> only) : IDisposable
{
    private const int LoadCpu = 0;

    private readonly List<BenchmarkProcess> _processes = [];

    /// <summary>Targets that were left out, with the reason.</summary>
    public Dictionary<string, string> Unavailable { get; } = new(StringComparer.Ordinal);

    public async Task<Ports> StartUpstreamsAsync()
    {
        var events = BenchmarkProcess.FreePort();
        await StartAsync(events, LoadCpu, "dotnet", typeof(TargetFactory).Assembly.Location, "upstream", Text(events));
        if (BenchmarkProcess.FindTool("nginx") is not { } nginx)
        {
            return new Ports(events, events);
        }

        var small = BenchmarkProcess.FreePort();
        await StartAsync(small, LoadCpu, nginx, "-c", NginxFiles.Upstream(folder, small));
        return new Ports(small, events);
    }

    public async Task<List<Target>> StartTargetsAsync(Ports ports)
    {
        var targets = new List<Target>();
        if (Wanted("direct"))
        {
            targets.Add(new Target("direct", ports.Small, ports.Small, null) { EventPort = ports.Events, HasHttp2 = false });
        }

        await AddAsync(targets, "nginx", async (port, http2) => BenchmarkProcess.FindTool("nginx") is { } nginx
            ? await StartAsync(port, null, nginx, "-c", NginxFiles.Proxy(folder, port, http2, ports.Small, ports.Events))
            : throw new InvalidOperationException("nginx is not installed"));
        await AddAsync(targets, "yarp", (port, http2) =>
            StartAsync(port, null, "dotnet", Built("AgentGateway.Benchmarks.RawYarp"), Text(port), Text(http2), $"http://127.0.0.1:{ports.Small}", $"http://127.0.0.1:{ports.Events}"));
        await AddGatewayAsync(targets, "gateway", port => GatewayFiles.Plain(folder, ports, port));
        await AddGatewayAsync(targets, "gateway-10k-routes", port => GatewayFiles.ManyRoutes(folder, ports, port, 10_000));
        await AddGatewayAsync(targets, "gateway-traced", port => GatewayFiles.Traced(folder, ports, port));
        await AddGatewayAsync(targets, "gateway-policies", port => GatewayFiles.Policies(folder, ports, port));
        return targets;
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }
    }

    /// <summary>Path of a program of this solution, built beside this one with the same configuration.</summary>
    public static string Built(string project)
    {
        // artifacts/bin/<project>/<configuration>/<assembly>
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var file = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project + ".dll");
        return File.Exists(file) ? file : throw new InvalidOperationException($"{project} is not built at {file}");
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private bool Wanted(string name) => only.Count == 0 || only.Contains(name);

    private async Task AddGatewayAsync(List<Target> targets, string name, Func<int, string> configuration) => await AddAsync(targets, name, async (port, _) =>
    {
        var file = configuration(port);
        var gateway = Built("AgentGateway.Proxy");
        await ValidateAsync(gateway, file);
        return await StartAsync(port, null, "dotnet", gateway, "-f", file);
    }, oneport: true);

    private async Task AddAsync(List<Target> targets, string name, Func<int, int, Task<BenchmarkProcess>> start, bool oneport = false)
    {
        if (!Wanted(name))
        {
            return;
        }

        try
        {
            var port = BenchmarkProcess.FreePort();
            var http2 = oneport ? port : BenchmarkProcess.FreePort();
            targets.Add(new Target(name, port, http2, await start(port, http2)));
        }
        catch (InvalidOperationException e)
        {
            Unavailable[name] = e.Message;
        }
    }

    private async Task<BenchmarkProcess> StartAsync(int port, int? cpu, string program, params string[] arguments)
    {
        var process = await BenchmarkProcess.StartAsync(port, cpu, program, arguments);
        _processes.Add(process);
        return process;
    }

    // A policy that this version refuses is reported by what it says, not measured as if it were there.
    private static async Task ValidateAsync(string gateway, string file)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { gateway, "-f", file, "--validate-only" } };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException((await errors + output).Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "configuration refused");
        }
    }
}

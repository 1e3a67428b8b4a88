using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

/// <summary>The gateway as a user runs it: a process with a configuration, stopped by a signal.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;
    private readonly string _folder;
    private readonly int[] _ports;

    private GatewayProcess(Process process, ConcurrentQueue<string> output, string folder, int[] ports)
    {
        _ports = ports;
        _process = process;
        _output = output;
        _folder = folder;
        Address = new Uri($"http://127.0.0.1:{ports[0]}");
        AdminAddress = new Uri($"http://127.0.0.1:{ports[1]}");
        StatsAddress = new Uri($"http://127.0.0.1:{ports[2]}");
        ReadinessAddress = new Uri($"http://127.0.0.1:{ports[3]}");
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    }

    public Uri Address { get; }

    public Uri AdminAddress { get; }

    public Uri StatsAddress { get; }

    public Uri ReadinessAddress { get; }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    /// <summary>Everything the process has printed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Program and first arguments of a run of the gateway.</summary>
    public static ProcessStartInfo Command(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AgentGateway.Proxy.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What the machine has set must not decide what a test sees.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("OTLP_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    /// <summary>Runs the gateway to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string input, params string[] arguments)
    {
        using var process = Process.Start(Command(arguments))!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>
    /// Starts the gateway with a configuration in which <c>{port}</c>, <c>{admin}</c>, <c>{stats}</c> and <c>{readiness}</c> stand for free
    /// ports, and waits until it is ready.
    /// </summary>
    /// <param name="configuration">Text of the configuration.</param>
    /// <param name="environment">Further variables.</param>
    /// <param name="program">Path of a published gateway; null runs the one built with the tests.</param>
    public static async Task<GatewayProcess> StartAsync(string configuration, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var ports = TestPorts.Free(4);
        var folder = Directory.CreateTempSubdirectory("agentgateway-").FullName;
        var file = Path.Combine(folder, "config.yaml");
        await File.WriteAllTextAsync(file, Fill(configuration, ports));

        var start = Command("-f", file);
        if (program is not null)
        {
            start.FileName = program;
            start.ArgumentList.RemoveAt(0);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var output = new ConcurrentQueue<string>();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var gateway = new GatewayProcess(process, output, folder, ports);
        await gateway.WaitUntilReadyAsync();
        return gateway;
    }

    /// <summary>Replaces the configuration as an editor does: a new file takes the place of the old one.</summary>
    public async Task RewriteAsync(string configuration)
    {
        var next = Path.Combine(_folder, "config.yaml.new");
        await File.WriteAllTextAsync(next, Fill(configuration, _ports), TestContext.Current.CancellationToken);
        File.Move(next, Path.Combine(_folder, "config.yaml"), overwrite: true);
    }

    /// <summary>Replaces the configuration by writing into the file, which stands half-written for a moment.</summary>
    public void Overwrite(string configuration) => File.WriteAllText(Path.Combine(_folder, "config.yaml"), Fill(configuration, _ports));

    /// <summary>
    /// Replaces the configuration as Kubernetes does with a mounted ConfigMap: <c>config.yaml</c> is a link into <c>..data</c>, which is itself a
    /// link to a folder, and that link is replaced by one to a new folder.
    /// </summary>
    public async Task RelinkAsync(string configuration, int version)
    {
        var folder = Path.Combine(_folder, $"..version-{version}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.yaml"), Fill(configuration, _ports));
        await ReplaceAsync("..data", $"..version-{version}");
        if (new FileInfo(Path.Combine(_folder, "config.yaml")).LinkTarget is null)
        {
            await ReplaceAsync("config.yaml", "..data/config.yaml");
        }

        // Renames the link itself, whatever it leads to, which the runtime's own Move does not do for folders.
        async Task ReplaceAsync(string link, string target)
        {
            var next = Path.Combine(_folder, $"{link}.next");
            File.CreateSymbolicLink(next, target);
            using var move = Process.Start("mv", ["-T", "-f", next, Path.Combine(_folder, link)]);
            await move.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, move.ExitCode);
        }
    }

    /// <summary>Waits until the process has printed a text.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Asks for a graceful stop and waits for the end; the result is the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Processes that the gateway has started, and theirs.</summary>
    public IReadOnlyList<int> Descendants() => ProcessTree.DescendantsOf(_process.Id);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Fill(string configuration, int[] ports)
    {
        return configuration
            .Replace("{port}", Text(ports[0]), StringComparison.Ordinal)
            .Replace("{admin}", Text(ports[1]), StringComparison.Ordinal)
            .Replace("{stats}", Text(ports[2]), StringComparison.Ordinal)
            .Replace("{readiness}", Text(ports[3]), StringComparison.Ordinal);

        static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
    }

    private static void Keep(ConcurrentQueue<string> output, string? line)
    {
        if (line is not null)
        {
            output.Enqueue(line);
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(patience.Token))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"the gateway ended with {_process.ExitCode}:\n{Output}");
            }

            try
            {
                using var response = await Client.GetAsync(new Uri(ReadinessAddress, "/healthz/ready"), patience.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }
}

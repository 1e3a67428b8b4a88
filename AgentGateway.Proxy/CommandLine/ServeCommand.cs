using System.Runtime.InteropServices;
using AgentGateway.Configuration.Reload;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;

namespace AgentGateway.Proxy.CommandLine;

/// <summary>Runs the gateway until a signal or the admin API ends it.</summary>
internal static class ServeCommand
{
    public static Task<int> RunAsync(ConfigurationSource source, CommandConsole console, CancellationToken cancellationToken) =>
        RunAsync(source, console, Console.OpenStandardOutput(), static async stopRequested =>
        {
            await stopRequested;
            return 0;
        }, cancellationToken);

    /// <summary>Runs the gateway for as long as something else takes.</summary>
    /// <param name="source">The configuration; the default file when it is empty.</param>
    /// <param name="console">Streams and environment.</param>
    /// <param name="log">Where the gateway's log goes; closed at the end.</param>
    /// <param name="until">Runs once the gateway is ready, with a task that completes when the gateway is asked to stop; its result is the exit code.</param>
    /// <param name="cancellationToken">Asks to stop, as a signal does.</param>
    /// <exception cref="CommandException">There is no configuration to read.</exception>
    public static async Task<int> RunAsync(
        ConfigurationSource source, CommandConsole console, Stream log, Func<Task, Task<int>> until, CancellationToken cancellationToken)
    {
        await using var _ = log;
        source = await source.OrDefaultAsync(console, cancellationToken);
        await using var trial = new PolicyTrial(console.Environment);
        var options = trial.Options(console, forRuntime: true);

        // The code of the servers is compiled while the file is read: with many routes both take long, and there is more than one processor.
        var warming = Task.Run(KestrelHost.WarmAsync, CancellationToken.None);
        var (result, read) = await source.LoadAsync(console.Input, options, cancellationToken);
        await ProblemReport.WriteAsync(result, source.Name, console.Error);
        if (result is not { Snapshot: { } snapshot, Settings: { } settings })
        {
            return 1;
        }

        await warming;
        using var stop = new StopSignal(cancellationToken);
        using var output = new LogOutput(log);
        using var logging = GatewayLoggerProvider.CreateFactory(output, settings, TimeProvider.System);
        var telemetry = TelemetryConnections.Process with { AccessLog = output, Environment = console.Environment };
        await using var host = new GatewayHost(new GatewayServices(settings, TimeProvider.System, logging, telemetry));
        try
        {
            await host.StartAsync(snapshot, stop.Token);
        }
        catch (Exception error) when (error is IOException or NotSupportedException or FormatException)
        {
            await console.Error.WriteLineAsync(error.Message);
            await host.StopAsync();
            return 1;
        }

        try
        {
            await using var reloader = source.WatchedFile is { } file ? new ConfigurationReloader(file, options, host, new FileChangeSource(TimeProvider.System)) : null;
            reloader?.Start(read!);
            return await until(Task.WhenAny(host.QuitRequested, stop.Requested));
        }
        finally
        {
            await host.StopAsync();
        }
    }

    /// <summary>SIGTERM and SIGINT ask for a graceful stop; a second one ends the process at once.</summary>
    private sealed class StopSignal : IDisposable
    {
        private readonly CancellationTokenSource _source;
        private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly PosixSignalRegistration _terminate;
        private readonly PosixSignalRegistration _interrupt;

        public StopSignal(CancellationToken cancellationToken)
        {
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _source.Token.Register(() => _requested.TrySetResult());
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        }

        public CancellationToken Token => _source.Token;

        public Task Requested => _requested.Task;

        public void Dispose()
        {
            _terminate.Dispose();
            _interrupt.Dispose();
            _source.Dispose();
        }

        private void OnSignal(PosixSignalContext context)
        {
            context.Cancel = !_requested.Task.IsCompleted;
            _source.Cancel();
        }
    }
}

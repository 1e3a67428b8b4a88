using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reload;
using AgentGateway.Proxy.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Hosting;

public sealed class ConfigurationReloaderTests : IDisposable
{
    private const string Routes = "binds: [{port: 0, listeners: [{routes: [{policies: {directResponse: {status: 204}}}]}]}]\n";
    private const string Told = "settings below `config` have changed";

    private readonly string _folder = Directory.CreateTempSubdirectory("agw-reload-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("config: {logging: {level: info}}\n", "config: {logging: {level: debug}}\n", 1)]
    [InlineData("config: {}\n", "config: {adminAddr: 'localhost:15099'}\n", 1)]
    [InlineData("config: {session: {key: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}\n", "config: {session: {key: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb}}\n", 1)]
    [InlineData("config: {tracing: {otlpEndpoint: 'http://localhost:4317'}, dns: {lookupFamily: V4Only}}\n", "config: {dns: {lookupFamily: V4Only}}\n", 0)]
    [InlineData("config: {logging: {filter: 'response.code >= 500'}}\n", "config: {logging: {filter: 'response.code >= 400'}}\n", 0)]
    public async Task Reload_SettingsThatAreReadAtStart_AreToldAboutOnce(string before, string after, int times)
    {
        var logs = await ReloadAsync(before + Routes, after + Routes, after + Routes.Replace("204", "205", StringComparison.Ordinal));

        Assert.True(logs.Contains("configuration reloaded"));
        Assert.Equal(times, logs.Lines.Count(static line => line.Message.StartsWith(Told, StringComparison.Ordinal)));
        Assert.DoesNotContain(logs.Lines, static line => line.Message.Contains("bbbb", StringComparison.Ordinal));
    }

    private async Task<CapturedLogs> ReloadAsync(string first, params string[] next)
    {
        var time = new FakeTimeProvider();
        var file = Path.Combine(_folder, "config.yaml");
        var options = LoadOptions.ForProcess(forRuntime: true) with { Environment = static _ => null };
        await File.WriteAllTextAsync(file, first, TestContext.Current.CancellationToken);
        var applied = ConfigurationFile.Load(file, options, out _);
        Assert.Empty(applied.Result.Errors);
        await using var gateway = await TestGateway.StartAsync(applied.Result.Snapshot!, time: time);
        using var source = new ManualSource();

        // Disposing of it waits for what it was handed.
        await using (var reloader = new ConfigurationReloader(file, options, gateway.Host, source))
        {
            reloader.Start(applied);
            foreach (var text in next)
            {
                await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
                source.Raise();
                time.Advance(TimeSpan.FromMilliseconds(250));
            }
        }

        return gateway.Logs;
    }

    private sealed class ManualSource : IChangeSource
    {
        public event Action? Changed;

        public void Follow(IReadOnlyCollection<string> files)
        {
        }

        public void Raise() => Changed?.Invoke();

        public void Dispose()
        {
        }
    }
}

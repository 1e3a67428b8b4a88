using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Logging;

public sealed class LogOutputTests
{
    [Fact]
    public void Dispose_ManyWriters_LosesNoLineAndSplitsNone()
    {
        using var stream = new MemoryStream();
        using (var output = new LogOutput(stream))
        {
            Parallel.For(0, 8, thread =>
            {
                for (var i = 0; i < 500; i++)
                {
                    output.Write(Encoding.UTF8.GetBytes($"line {thread}-{i}\n"));
                }
            });
        }

        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4000, lines.Length);
        Assert.Equal(4000, lines.Distinct().Count(line => line.StartsWith("line ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Flush_LineTaken_IsInTheStream()
    {
        using var stream = new MemoryStream();
        using var output = new LogOutput(stream);
        output.Write("one\n"u8);
        output.Flush();

        Assert.Equal("one\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Write_StuckStream_DropsBeyondTheBoundAndNeverWaits()
    {
        using var stream = new StuckStream();
        using var output = new LogOutput(stream, maxBytes: 100);
        output.Write(new byte[50]);
        stream.Entered.Wait(TestContext.Current.CancellationToken);
        for (var i = 0; i < 5; i++)
        {
            output.Write(new byte[50]);
        }

        Assert.Equal(3, output.Dropped);
        stream.Release.Set();
    }

    [Fact]
    public void Write_BrokenStream_GoesOn()
    {
        using var stream = new StuckStream { Broken = true };
        using var output = new LogOutput(stream);
        output.Write("one\n"u8);
        output.Flush();
        output.Write("two\n"u8);

        Assert.Equal(1, output.Dropped);
    }

    [Fact]
    public void Log_TextForm_HasTimeLevelTargetAndStaysOnOneLine()
    {
        Assert.Equal(
            "2026-01-20T16:28:30.000000Z\twarn\tagentgateway::mcp target \"a\" is slow\n",
            Log(new StaticSettings(), "agentgateway::mcp", logger => Line(logger, LogLevel.Warning, "target \"a\" is slow")));
        Assert.Equal(
            "2026-01-20T16:28:30.000000Z\tinfo\tx \"a\\nb\"\n",
            Log(new StaticSettings(), "x", logger => Line(logger, LogLevel.Information, "a\nb")));
    }

    [Fact]
    public void Log_JsonForm_CarriesTheException()
    {
        var text = Log(new StaticSettings { LogJson = true }, "x", logger => Line(logger, LogLevel.Error, "failed", new InvalidOperationException("broke")));

        var line = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("error", "x", "failed"), (line.GetProperty("level").GetString(), line.GetProperty("scope").GetString(), line.GetProperty("message").GetString()));
        Assert.Contains("broke", line.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info", "agentgateway::mcp", LogLevel.Information)]
    [InlineData("info,agentgateway::mcp=trace", "agentgateway::mcp", LogLevel.Trace)]
    [InlineData("info,agentgateway::mcp=trace", "agentgateway::mcp::session", LogLevel.Trace)]
    [InlineData("info,agentgateway::mcp=trace", "agentgateway::mcpx", LogLevel.Information)]
    [InlineData("debug", "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning)]
    [InlineData("debug,Microsoft=trace", "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Trace)]
    [InlineData("WARN", "any", LogLevel.Warning)]
    [InlineData("off", "any", LogLevel.None)]
    [InlineData("agentgateway=error,agentgateway::mcp=debug", "agentgateway::mcp", LogLevel.Debug)]
    public void LevelOf_Directives_TakeTheMostSpecific(string directives, string target, LogLevel expected) =>
        Assert.Equal(expected, LevelDirectives.Parse(directives).LevelOf(target));

    [Fact]
    public void CreateFactory_UnknownDirective_IsReported() =>
        Assert.Contains("loud", Log(new StaticSettings { LogLevel = "info,x=loud" }, "x", static _ => { }), StringComparison.Ordinal);

    private static void Line(ILogger logger, LogLevel level, string text, Exception? exception = null) => logger.Log(level, default, text, exception, static (state, _) => state);

    private static string Log(StaticSettings settings, string category, Action<ILogger> log)
    {
        using var stream = new MemoryStream();
        using (var output = new LogOutput(stream))
        {
            using var factory = GatewayLoggerProvider.CreateFactory(output, settings, new FakeTimeProvider(TelemetryHarness.Start));
            log(factory.CreateLogger(category));
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class StuckStream : MemoryStream
    {
        public bool Broken { get; init; }

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Broken)
            {
                throw new IOException("broken pipe");
            }

            Entered.Set();
            Release.Wait();
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using ModelContextProtocol.Client;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

/// <summary>
/// The gateway as Native AOT: publishes it without a warning, then uses what leans on code that could have been trimmed away. Takes minutes and a C
/// compiler's linker, so it runs only when asked for: <c>AGENTGATEWAY_AOT_TESTS=1</c>. With <c>AGENTGATEWAY_AOT_PROXY</c> naming a gateway that was
/// published already, it takes that one.
/// </summary>
public sealed class NativeGatewayTests
{
    private const int MostStarts = 20;
    private const double LongestStartMilliseconds = 150;
    private const double MostMegabytes = 60;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_NativeAot_StartsAtOnceAndServes()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AGENTGATEWAY_AOT_TESTS") == "1", "publishing as Native AOT takes minutes: set AGENTGATEWAY_AOT_TESTS=1 to run it");
        var folder = Directory.CreateTempSubdirectory("agentgateway-aot-");
        try
        {
            var program = Environment.GetEnvironmentVariable("AGENTGATEWAY_AOT_PROXY") ?? await PublishAsync(folder.FullName);
            await AssertStartsAtOnceAsync(program, Path.Combine(folder.FullName, "start.yaml"));
            await AssertServesAsync(program);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> PublishAsync(string folder)
    {
        var project = Path.Combine(Repository.Root, "AgentGateway.Proxy", "AgentGateway.Proxy.csproj");
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true",
            "--artifacts-path", Path.Combine(folder, "artifacts"), "-o", Path.Combine(folder, "app"), "--nologo",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Cancelled);
        var log = await process.StandardOutput.ReadToEndAsync(Cancelled) + await errors;
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, log);
        Assert.DoesNotContain(": warning ", log, StringComparison.Ordinal);
        return Path.Combine(folder, "app", "AgentGateway.Proxy");
    }

    // One start within the bounds is enough: what else the machine does at the moment must not decide.
    private static async Task AssertStartsAtOnceAsync(string program, string file)
    {
        await File.WriteAllTextAsync(
            file,
            """
            config: {adminAddr: "off", statsAddr: "off", readinessAddr: "off"}
            binds:
            - port: 0
              listeners:
              - routes:
                - policies: {directResponse: {status: 200, body: here}}
            """,
            Cancelled);
        var best = double.MaxValue;
        var megabytes = double.MaxValue;
        for (var i = 0; i < MostStarts && (best >= LongestStartMilliseconds || megabytes >= MostMegabytes); i++)
        {
            var clock = Stopwatch.StartNew();
            using var process = Process.Start(new ProcessStartInfo(program, ["-f", file]) { RedirectStandardOutput = true })!;
            try
            {
                var line = "";
                while (!line.Contains("ready, listening on", StringComparison.Ordinal))
                {
                    line = await process.StandardOutput.ReadLineAsync(Cancelled) ?? throw new InvalidOperationException("the gateway ended before it was ready");
                }

                best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
                process.Refresh();
                megabytes = Math.Min(megabytes, process.WorkingSet64 / 1024.0 / 1024.0);
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"Native AOT: ready after {best:F0} ms, {megabytes:F0} MB resident"));
        Assert.True(best < LongestStartMilliseconds, string.Create(CultureInfo.InvariantCulture, $"ready after {best:F0} ms"));
        Assert.True(megabytes < MostMegabytes, string.Create(CultureInfo.InvariantCulture, $"{megabytes:F0} MB resident"));
    }

    private static async Task AssertServesAsync(string program)
    {
        await using var gateway = await GatewayProcess.StartAsync(Configuration("first"), program: program);
        Assert.Equal("first", await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/plain?who=user"), Cancelled));
        using (var refused = await gateway.Client.GetAsync(new Uri(gateway.Address, "/plain?who=other"), Cancelled))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        await using (var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(gateway.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
            cancellationToken: Cancelled))
        {
            // The sample server refuses addresses of its own machine: an answer, and no network is needed for it.
            var result = await client.CallToolAsync("fetch", new Dictionary<string, object?>(StringComparer.Ordinal) { ["url"] = "http://127.0.0.1:1/" }, cancellationToken: Cancelled);
            Assert.True(result.IsError);
        }

        await AssertTracedAsync(gateway);
        await gateway.RewriteAsync(Configuration("second"));
        await gateway.WaitForOutputAsync("configuration reloaded");
        Assert.Equal("second", await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/plain?who=user"), Cancelled));
        Assert.Contains("agentgateway_requests_total", await gateway.Client.GetStringAsync(new Uri(gateway.StatsAddress, "/metrics"), Cancelled), StringComparison.Ordinal);

        Assert.Equal(0, await gateway.TerminateAsync());
    }

    private static async Task AssertTracedAsync(GatewayProcess gateway)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var attempt = 0; attempt < 200; attempt++)
        {
            using var json = JsonDocument.Parse(await gateway.Client.GetStringAsync(new Uri(gateway.AdminAddress, "/api/traces"), Cancelled));
            if (json.RootElement.EnumerateArray().SelectMany(trace => trace.GetProperty("spans").EnumerateArray()).Any(span => span.GetProperty("name").GetString() == "tools/call"))
            {
                return;
            }

            await timer.WaitForNextTickAsync(Cancelled);
        }

        Assert.Fail($"no span of the call in the trace store:\n{gateway.Output}");
    }

    private static string Configuration(string answer) => $$"""
        config:
          adminAddr: 127.0.0.1:{admin}
          statsAddr: 127.0.0.1:{stats}
          readinessAddr: 127.0.0.1:{readiness}
          tracing:
            otlpEndpoint: http://127.0.0.1:1
            randomSampling: true
        binds:
        - port: {port}
          listeners:
          - routes:
            - matches:
              - path: {pathPrefix: /plain}
              policies:
                authorization: {rules: ['request.uri.endsWith("who=user")']}
                directResponse:
                  status: 200
                  body: {{answer}}
            - backends:
              - mcp:
                  targets:
                  - name: fetch
                    stdio:
                      cmd: dotnet
                      args: ["{{Path.Combine(AppContext.BaseDirectory, "AgentGateway.McpFetch.dll")}}", "--stdio"]
        """;
}

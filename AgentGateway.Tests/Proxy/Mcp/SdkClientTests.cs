using System.Collections.Concurrent;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>The official SDK's client, through the gateway, to the official SDK's server and to a stdio server.</summary>
public sealed class SdkClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "2025-06-18")]
    [InlineData(true, "2025-11-25")]
    [InlineData(true, null)]
    [InlineData(false, "2025-11-25")]
    [InlineData(false, null)]
    public async Task ListAndCall_EachSessionModeAndRevision_Work(bool isStateful, string? version)
    {
        await using var server = await SdkServer.StartAsync(HttpServerSessionMode.StatefulForInitializeClients);
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(server.Endpoint) with { Stateful = isStateful });
        await using var client = await ConnectAsync(gateway, version);

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        var result = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "grüß ✓" }, cancellationToken: Cancellation);

        Assert.Contains("echo", tools.Select(tool => tool.Name));
        Assert.Equal("grüß ✓", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal(version ?? "2026-07-28", client.NegotiatedProtocolVersion);
    }

    [Fact]
    public async Task Call_ProgressAndElicitation_ReachTheClient()
    {
        await using var server = await SdkServer.StartAsync(HttpServerSessionMode.Stateful);
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(server.Endpoint));
        var steps = new ConcurrentQueue<float>();
        var seen = new TaskCompletionSource();
        await using var client = await ConnectAsync(gateway, "2025-11-25", notification =>
        {
            steps.Enqueue((float)notification.Params!["progress"]!);
            if (steps.Count == 3)
            {
                seen.SetResult();
            }
        });

        // The SDK stops calling the progress callback with the answer, whatever is still queued; the notification handler sees all.
        await client.CallToolAsync("steps", progress: new Progress<ProgressNotificationValue>(), cancellationToken: Cancellation);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        var answer = await client.CallToolAsync("ask", cancellationToken: Cancellation);

        Assert.Equal([1f, 2f, 3f], steps.Order());
        Assert.Equal("accept Ada", Assert.IsType<TextContentBlock>(answer.Content[0]).Text);
    }

    [Fact]
    public async Task Call_ClientCancels_TheServerStopsAndTheSessionGoesOn()
    {
        await using var server = await SdkServer.StartAsync(HttpServerSessionMode.Stateful);
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(server.Endpoint));
        await using var client = await ConnectAsync(gateway, "2025-11-25");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = client.CallToolAsync("wait", cancellationToken: cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.NotEmpty(await client.ListToolsAsync(cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(null)]
    public async Task Stdio_ListCallAndElicitation_Work(string? version)
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        await using var client = await ConnectAsync(gateway, version);

        Assert.Equal("hi", Assert.IsType<TextContentBlock>(
            (await client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hi" }, cancellationToken: Cancellation)).Content[0]).Text);
        Assert.NotEmpty(await client.ListToolsAsync(new ListToolsRequestParams(), Cancellation) is { } page ? page.Tools : []);
        if (version is not null)
        {
            Assert.Contains("Ada", Assert.IsType<TextContentBlock>((await client.CallToolAsync("elicit", cancellationToken: Cancellation)).Content[0]).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stdio_ServerCrashesInMidCall_ClientGetsAProtocolError()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        await using var client = await ConnectAsync(gateway, "2025-11-25");

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("crash", cancellationToken: Cancellation));

        Assert.Equal(McpErrorCode.InternalError, error.ErrorCode);
        Assert.Contains("stdio server exited with code 7", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "2025-11-25", "Conditional")]
    [InlineData(true, null, "Conditional")]
    [InlineData(false, "2025-11-25", "Conditional")]
    [InlineData(true, "2025-11-25", "Never")]
    [InlineData(false, null, "Never")]
    public async Task Several_ListAndCallInEachModeAndRevision_Work(bool isStateful, string? version, string prefixMode)
    {
        await using var server = await SdkServer.StartAsync(HttpServerSessionMode.StatefulForInitializeClients);
        var backend = McpTestBackends.Http(server.Endpoint);
        await using var gateway = await TestGateway.StartAsync(backend with
        {
            Targets = [.. backend.Targets, McpTestBackends.StdioTarget("local")],
            Stateful = isStateful,
            PrefixMode = Enum.Parse<McpPrefixMode>(prefixMode),
        });
        await using var client = await ConnectAsync(gateway, version);
        var isPrefixed = prefixMode == "Conditional";

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        var result = await client.CallToolAsync(
            isPrefixed ? "remote_echo" : "slow", new Dictionary<string, object?> { ["message"] = "grüß ✓", ["ms"] = 1 }, cancellationToken: Cancellation);

        Assert.Equal(isPrefixed, tools.Any(static tool => tool.Name == "remote_echo"));
        Assert.Equal(isPrefixed ? "local_slow" : "slow", tools[^1].Name);

        // Both servers have it.
        Assert.DoesNotContain("echo", tools.Select(static tool => tool.Name));
        Assert.Equal(isPrefixed ? "grüß ✓" : "done", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact]
    public async Task Several_ElicitationOfBothTargets_ReachesTheClient()
    {
        await using var server = await SdkServer.StartAsync(HttpServerSessionMode.Stateful);
        var backend = McpTestBackends.Http(server.Endpoint);
        await using var gateway = await TestGateway.StartAsync(backend with { Targets = [.. backend.Targets, McpTestBackends.StdioTarget("local")] });
        await using var client = await ConnectAsync(gateway, "2025-11-25");

        var remote = await client.CallToolAsync("remote_ask", cancellationToken: Cancellation);
        var local = await client.CallToolAsync("local_elicit", cancellationToken: Cancellation);

        Assert.Equal("accept Ada", Assert.IsType<TextContentBlock>(remote.Content[0]).Text);
        Assert.Contains("Ada", Assert.IsType<TextContentBlock>(local.Content[0]).Text, StringComparison.Ordinal);
    }

    private static Task<McpClient> ConnectAsync(TestGateway gateway, string? version, Action<JsonRpcNotification>? progressed = null) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(gateway.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
        new McpClientOptions
        {
            ProtocolVersion = version,
            ClientInfo = new Implementation { Name = "sdk", Version = "1" },
            Handlers = new McpClientHandlers
            {
                NotificationHandlers = progressed is null ? null : [new(NotificationMethods.ProgressNotification, (notification, _) =>
                {
                    progressed(notification);
                    return default;
                })],
                ElicitationHandler = static (_, _) => new(new ElicitResult
                {
                    Action = "accept",
                    Content = new Dictionary<string, JsonElement> { ["name"] = JsonSerializer.SerializeToElement("Ada") },
                }),
            },
        },
        cancellationToken: Cancellation);
}

using System.Diagnostics;
using System.Text.Json;
using AgentGateway.McpFetch.Hosting;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Hosting;

/// <summary>The server as a real child process.</summary>
public sealed class StdioServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Assembly = typeof(McpFetchHost).Assembly.Location;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    [Fact]
    public async Task Stdio_RealClient_FetchesAPage()
    {
        await using var content = await ContentServer.StartAsync(Token);
        content.Page("/page", "text/html", "<h1>Hello</h1>");
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = "dotnet",
                Arguments = [Assembly, "--stdio"],
                EnvironmentVariables = new Dictionary<string, string?> { ["MCPFETCH_ALLOW_PRIVATE_ADDRESSES"] = "true" },
            }),
            // Named, so that the client does not probe for a newer revision: on a slow machine its probe times out while the child starts.
            new McpClientOptions { ProtocolVersion = "2025-11-25" },
            cancellationToken: Token);

        var result = await client.CallToolAsync(
            "fetch",
            new Dictionary<string, object?> { ["url"] = content.Url("/page").ToString() },
            cancellationToken: Token);

        Assert.Equal("# Hello", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact]
    public async Task Stdio_WholeLife_StandardOutputIsJsonRpcAlone()
    {
        using var process = Start("--stdio");
        var errors = process.StandardError.ReadToEndAsync(Token);
        string[] messages =
        [
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""",
            """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
            """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""",
            """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"fetch","arguments":{"url":"http://127.0.0.1:9/"}}}""",
            """{"jsonrpc":"2.0","id":4,"method":"no/such"}""",
        ];
        foreach (var message in messages)
            await process.StandardInput.WriteLineAsync(message.AsMemory(), Token);
        await process.StandardInput.FlushAsync(Token);

        var answered = new HashSet<int>();
        while (answered.Count < 4)
            answered.Add(ReadAnswer(await process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Patience, Token)));
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token).WaitAsync(Patience, Token);

        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(Token));
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("Application started", await errors, StringComparison.Ordinal); // the log is there, and only there
    }

    private static int ReadAnswer(string? line)
    {
        Assert.NotNull(line);
        using var json = JsonDocument.Parse(line);
        Assert.Equal("2.0", json.RootElement.GetProperty("jsonrpc").GetString());
        return json.RootElement.GetProperty("id").GetInt32();
    }

    [Theory]
    [InlineData("--version", 0)]
    [InlineData("--help", 0)]
    [InlineData("--bogus", 2)]
    public async Task CommandLine_EndsAtOnce(string option, int exitCode)
    {
        using var process = Start(option);
        await process.WaitForExitAsync(Token).WaitAsync(Patience, Token);

        Assert.Equal(exitCode, process.ExitCode);
        Assert.Equal(exitCode == 0, (await process.StandardOutput.ReadToEndAsync(Token)).Length > 0);
    }

    [Fact]
    public async Task Http_AddressInUse_OneLineAndExitCode()
    {
        await using var content = await ContentServer.StartAsync(Token);
        using var process = Start("--urls", content.Address.ToString());
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token).WaitAsync(Patience, Token);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("Could not listen: ", await errors, StringComparison.Ordinal);
    }
}

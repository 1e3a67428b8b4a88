using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

public sealed class BindServerTests
{
    [Fact]
    public async Task Port_WithoutTls_SpeaksHttp11()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute());

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpVersion.Version11, response.Version);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("no valid backends", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Port_WithoutTls_SpeaksHttp2WithPriorKnowledge()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("no valid backends", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Port_WhenTheRequestLineComesByteByByte_StillAnswers()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute());
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();

        // PRI is how HTTP/2 begins as well, so the port must wait for more before it decides.
        foreach (var letter in "PRINT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray())
        {
            await stream.WriteAsync(new[] { letter }, TestContext.Current.CancellationToken);
        }

        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 500", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_WhenTheClientSpeaksTls_AnswersThatItDoesNot()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(new byte[] { 22, 3, 1, 0, 5, 1, 0, 0, 1, 0, 13, 10, 13, 10 }, TestContext.Current.CancellationToken);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_ThatRemovesAPort_StopsAccepting()
    {
        var port = TestPorts.Free(1)[0];
        var snapshot = TestGateway.OneRoute();
        await using var gateway = await TestGateway.StartAsync(snapshot with { Binds = [snapshot.Binds[0] with { Port = port }] });

        await gateway.Host.ApplyAsync(GatewaySnapshot.Empty, TestContext.Current.CancellationToken);

        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task Reload_ThatChangesTheModeOfAPort_OpensAndClosesItsSocket()
    {
        var port = TestPorts.Free(1)[0];
        var open = TestGateway.OneRoute().Binds[0] with { Key = $"bind/{port}", Port = port };
        await using var gateway = await TestGateway.StartAsync(new GatewaySnapshot { Binds = [open] });

        await gateway.Host.ApplyAsync(new GatewaySnapshot { Binds = [open with { Internal = true }] }, TestContext.Current.CancellationToken);
        using (var refused = new TcpClient())
        {
            await Assert.ThrowsAsync<SocketException>(() => refused.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken).AsTask());
        }

        Assert.Empty(await gateway.Host.ApplyAsync(new GatewaySnapshot { Binds = [open] }, TestContext.Current.CancellationToken));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_OnAPortInUse_SaysSo()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var snapshot = new GatewaySnapshot { Binds = [new BindSnapshot { Key = $"bind/{port}", Port = port }] };

        var error = await Assert.ThrowsAsync<IOException>(() => TestGateway.StartAsync(snapshot));

        Assert.Contains($"port {port} is in use", error.Message, StringComparison.Ordinal);
    }
}

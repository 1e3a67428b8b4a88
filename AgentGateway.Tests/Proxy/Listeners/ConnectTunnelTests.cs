using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

public sealed class ConnectTunnelTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_ToAnInternalBind_ReentersTheGateway()
    {
        await using var gateway = await StartAsync(ConnectPort, Wildcard);

        var answer = await SendAsync(gateway, "CONNECT example.com:8443 HTTP/1.1\r\nHost: example.com:8443\r\n\r\nGET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.EndsWith("route not found", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONNECT example.com:8443 HTTP/1.1\r\n\r\n", "HTTP/1.1 404", "bind not found")]
    [InlineData("CONNECT example.com HTTP/1.1\r\n\r\n", "HTTP/1.1 400", "invalid request")]
    [InlineData("CONNECT example.com:1 HTTP/1.1\r\n bad: x\r\n\r\n", "HTTP/1.1 400", "invalid request")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 405", "method not allowed")]
    public async Task ConnectPort_ForWhatItCannotServe_SaysWhy(string request, string status, string body)
    {
        await using var gateway = await StartAsync(ConnectPort);

        var answer = await SendAsync(gateway, request);

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.EndsWith(body, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithoutATunnelMode_IsNotAllowed()
    {
        await using var gateway = await StartAsync(new BindSnapshot { Key = "bind/0", Port = 0, Listeners = [Listener("bind/0")] });

        Assert.StartsWith("HTTP/1.1 405", await SendAsync(gateway, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TunnelMode_OnAnOrdinaryPort_AnswersOtherMethodsAsBefore()
    {
        await using var gateway = await TestGateway.StartAsync(new GatewaySnapshot
        {
            Binds = [new BindSnapshot { Key = "bind/0", Port = 0, Listeners = [Listener("bind/0")] }],
            Frontend = new FrontendSnapshot { Connect = ConnectMode.Tunnel },
        });

        Assert.StartsWith("HTTP/1.1 404", await SendAsync(gateway, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectPort_OverHttp2_TakesNoOrdinaryRequest()
    {
        await using var gateway = await StartAsync(ConnectPort with { Listeners = [Listener("bind/0")] });
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await gateway.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Tunnel_BehindAProxyHeader_CarriesNone()
    {
        await using var gateway = await TestGateway.StartAsync(new GatewaySnapshot
        {
            Binds = [ConnectPort, Wildcard],
            Frontend = new FrontendSnapshot { ProxyProtocol = new ProxyProtocolSnapshot(Version1: true, Version2: true, Optional: false) },
        });

        var answer = await SendAsync(
            gateway, "PROXY TCP4 192.0.2.1 192.0.2.9 5 443\r\nCONNECT example.com:8443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 404", answer, StringComparison.Ordinal);
    }

    private static BindSnapshot ConnectPort => new() { Key = "bind/0", Port = 0, TunnelProtocol = TunnelProtocol.Connect };

    private static BindSnapshot Wildcard => new() { Key = "bind/wildcard", Port = 0, Internal = true, Listeners = [Listener("bind/wildcard")] };

    private static ListenerSnapshot Listener(string bind) => new() { Key = $"default/default/{bind}/listener0", Name = "listener0" };

    private static Task<TestGateway> StartAsync(params BindSnapshot[] binds) => TestGateway.StartAsync(new GatewaySnapshot { Binds = [.. binds] });

    private static async Task<string> SendAsync(TestGateway gateway, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.AddressOf("bind/0").Port, Cancelled);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(Cancelled);
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Static;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

/// <summary>Connections of clients before and beside their requests, through real ports.</summary>
public sealed class FrontendPoliciesTests : IDisposable
{
    private const string EchoSource = "policies: {directResponse: {status: 200, bodyExpression: 'source.address + \" \" + string(source.port) + \" \" + source.rawAddress'} }";

    private readonly TestCertificates _certificates = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\r\n", "192.0.2.1 56324 127.0.0.1")]
    [InlineData("PROXY TCP6 2001:DB8::1 ::2 1 443\r\n", "2001:db8::1 1 127.0.0.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x12\xc0\0\x02\x07\xc0\0\x02\x09\x01\x02\x01\xbb\x04\0\u0003abc", "192.0.2.7 258 127.0.0.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\x01\x02\x01\xbb", "2001:db8::1 258 127.0.0.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x09\x01\x02\x01\xbb", "192.0.2.7 258 127.0.0.1")]
    public async Task ProxyHeader_BeforeTheRequest_NamesTheClient(string header, string source)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, "proxyProtocol: {version: all}");

        Assert.EndsWith("\r\n\r\n" + source, await AskAsync(port, header + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v2", "strict", "PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\r\n")]
    [InlineData("all", "strict", "")]
    [InlineData("all", "optional", "PROXY TCP4 nonsense\r\n")]
    [InlineData("v1", "strict", "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x09\x01\x02\x01\xbb")]
    [InlineData("v1", "strict", "PROXY TCP4 010.0.0.1 192.0.2.9 5 443\r\n")]
    [InlineData("v1", "strict", "PROXY TCP4 192.0.2.1 192.0.2.9 05 443\r\n")]
    [InlineData("v1", "strict", "PROXY TCP4 192.0.2.1 192.0.2.9 5 65536\r\n")]
    [InlineData("v1", "strict", "PROXY TCP4 192.0.2 192.0.2.9 5 443\r\n")]
    [InlineData("v1", "strict", "PROXY TCP4 ::1 ::2 5 443\r\n")]
    [InlineData("v1", "strict", "PROXY TCP6 [::1] ::2 5 443\r\n")]
    [InlineData("v1", "strict", "PROXY TCP6 fe80::1%1 ::2 5 443\r\n")]
    [InlineData("v1", "strict", "PROXY TCP4 192.0.2.1 192.0.2.9 5 443\n")]
    [InlineData("v1", "strict", "PROXY TCP4  192.0.2.1 192.0.2.9 5 443\r\n")]
    [InlineData("v1", "strict", "PROXY UDP4 192.0.2.1 192.0.2.9 5 443\r\n")]
    [InlineData("v2", "strict", "\r\n\r\n\0\r\nQUIT\n\x31\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x09\x01\x02\x01\xbb")]
    [InlineData("v2", "strict", "\r\n\r\n\0\r\nQUIT\n\x22\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x09\x01\x02\x01\xbb")]
    [InlineData("v2", "strict", "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x04\xc0\0\x02\x07")]
    [InlineData("v2", "strict", "\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff\xc0\0\x02\x07")]
    public async Task ProxyHeader_MissingOrBroken_ClosesTheConnection(string version, string mode, string header)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, $"proxyProtocol: {{version: {version}, mode: {mode}}}");

        Assert.Equal("", await AskAsync(port, header + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x20\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x09\x01\x02\x01\xbb")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\0\0\u0003abc")]
    public async Task ProxyHeader_WithoutAnAddress_KeepsTheConnections(string header)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, "proxyProtocol: {version: all}");

        Assert.Matches("\r\n\r\n127\\.0\\.0\\.1 [0-9]+ 127\\.0\\.0\\.1$", await AskAsync(port, header + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public async Task HeaderLimits_OfEachHttpVersion_ActOnThatVersionAlone()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, "http: {http1MaxHeaders: 4, http2MaxHeaderSize: 4096}");

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-A: 1\r\nX-A: 2\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await AskAsync(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-A: 1\r\nX-A: 2\r\nX-A: 3\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(port, $"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-A: {new string('x', 8000)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await Http2Async(10, 10));
        Assert.Equal(HttpStatusCode.OK, await Http2Async(1, 3000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, await Http2Async(1, 5000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, await Http2Async(100, 10));

        async Task<HttpStatusCode> Http2Async(int count, int size)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            for (var i = 0; i < count; i++)
            {
                request.Headers.TryAddWithoutValidation($"x-{i}", new string('x', size));
            }

            using var response = await gateway.Client.SendAsync(request, Cancelled);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("tls: {handshakeTimeout: 200ms}", "", "")]
    [InlineData("tls: {handshakeTimeout: 200ms}", "PRI * HTTP/2.0", "")]
    [InlineData("http: {http1IdleTimeout: 300ms}", "GET / HTTP/1.1\r\nHos", "HTTP/1.1 408 ")]
    [InlineData("http: {http1IdleTimeout: 300ms}", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 ")]
    public async Task Connection_OfWhichNothingComes_IsClosed(string policies, string sent, string answer)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, policies);

        // On a busy machine the time may be over before the first byte was read: then once more.
        var got = await AskAsync(port, sent);
        for (var i = 0; i < 20 && got.Length < answer.Length; i++)
        {
            got = await AskAsync(port, sent);
        }

        Assert.StartsWith(answer, got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProxyHeader_MissingWhereOptional_IsServed()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, "proxyProtocol: {mode: optional}");

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'cidr(\"127.0.0.0/8\").containsIP(source.address)'", true)]
    [InlineData("{deny: 'cidr(\"127.0.0.0/8\").containsIP(source.address)'}", false)]
    [InlineData("'destination.port == 1u'", false)]
    public async Task NetworkAuthorization_DecidesBeforeTheFirstByte(string rule, bool accepted)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, $"networkAuthorization: {{rules: [{rule}]}}");

        Assert.Equal(accepted, (await AskAsync(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).Length > 0);
    }

    [Fact]
    public async Task NetworkAuthorization_BehindAProxyHeader_SeesTheClientItNames()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port, "proxyProtocol: {version: v1}\n  networkAuthorization: {rules: ['source.address == \"192.0.2.1\"']}");

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(port, "PROXY TCP4 192.0.2.1 192.0.2.9 5 443\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal("", await AskAsync(port, "PROXY TCP4 192.0.2.2 192.0.2.9 5 443\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public async Task MaxConnectionDuration_OfAnIdleConnection_ClosesIt()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        var time = new FakeTimeProvider();
        await using var gateway = await StartAsync(port, "http: {maxConnectionDuration: 300ms}", time);
        using var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await peer.ReadResponseAsync();
        time.Advance(TimeSpan.FromMilliseconds(300));

        // The client asks for nothing more; the end comes by itself.
        Assert.Equal("", await peer.ReadToEndAsync());
    }

    [Theory]
    [InlineData("minVersion: TLS_V1_3", SslProtocols.Tls12, false)]
    [InlineData("minVersion: TLS_V1_3", SslProtocols.Tls13, true)]
    [InlineData("maxVersion: TLS_V1_2", SslProtocols.Tls13, false)]
    [InlineData("maxVersion: TLS_V1_2", SslProtocols.Tls12, true)]
    [InlineData("cipherSuites: [TLS_AES_128_GCM_SHA256], minVersion: TLS_V1_3", SslProtocols.Tls13, true)]
    public async Task Tls_Versions_AreThoseThatAreAllowed(string tls, SslProtocols offered, bool accepted)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartTlsAsync(port, tls);

        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var stream = await HandshakeAsync(port, offered, SslApplicationProtocol.Http11);
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
            Assert.NotEqual(0, await stream.ReadAsync(new byte[16], Cancelled));
        });

        Assert.Equal(accepted, failure is null);
    }

    [Fact]
    public async Task Tls_AlpnWithoutHttp2_AgreesOnHttp11()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartTlsAsync(port, "alpn: [[104, 116, 116, 112, 47, 49, 46, 49]]");

        await using var stream = await HandshakeAsync(port, SslProtocols.None, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);

        Assert.Equal(SslApplicationProtocol.Http11, stream.NegotiatedApplicationProtocol);
    }

    [Theory]
    [InlineData("binds: [{port: 3000, listeners: [{protocol: HTTPS, tls: {cert: ./c, key: ./k}, routes: []}]}]", "tls.key: the private key in `./k` does not belong to the certificate in `./c`")]
    [InlineData("binds: [{port: 3000, listeners: [{routes: [{backends: [{host: 'a:1', policies: {backendTLS: {cert: ./c, key: ./k}}}]}]}]}]", "backendTLS.key: the private key does not belong to the certificate")]
    public void Tls_CertificateAndKeyOfDifferentPairs_AreRefused(string text, string message)
    {
        var (certificate, _) = _certificates.Issue("localhost");
        var (_, key) = _certificates.Issue("localhost");

        var errors = ConfiguredGateway.Errors(text, new Dictionary<string, string> { ["./c"] = certificate, ["./k"] = key });

        Assert.Contains(message, Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('\n')[1], errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keepalives_OfClientConnections_AreSetOnTheSocket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port, Cancelled);

        ClientKeepAlive.Set(client.Client, new TcpKeepAliveSnapshot(TimeSpan.FromSeconds(42), TimeSpan.FromSeconds(7), 3));

        Assert.Equal(1, (int)client.Client.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.Equal(42, (int)client.Client.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!);
        Assert.Equal((7, 3), ((int)client.Client.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!, (int)client.Client.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!));
    }

    [Fact]
    public async Task WebSocket_OverHttp2_ReachesAnHttp11Upstream()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            var head = await peer.ReadHeadAsync();
            Assert.StartsWith("GET /ws HTTP/1.1\r\n", head, StringComparison.Ordinal);
            Assert.Contains("Upgrade: websocket\r\n", head, StringComparison.Ordinal);
            var key = head.Split("Sec-WebSocket-Key: ")[1].Split('\r')[0];
#pragma warning disable CA5350 // RFC 6455, 4.2.2: the protocol asks for SHA-1.
            var accept = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
            await peer.SendAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n\x81\x05hello");
            await peer.ReadBytesAsync(1);
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Address.Port}/ws"), invoker, Cancelled);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), Cancelled);

        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
        await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, true, Cancelled);
    }

    [Fact]
    public async Task Upgrade_ToAProtocolThatWasNotAskedFor_Is502()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nsecret");
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var peer = await RawPeer.ConnectAsync(gateway.Address.Port);

        await peer.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        var (head, body) = await peer.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 502 ", head, StringComparison.Ordinal);
        Assert.StartsWith("request upgrade failed, ", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("any.example.com", "any.example.com", "HTTP/1.1 200 ", "any")]
    [InlineData("any.example.com", "other.example.com:8443", "HTTP/1.1 200 ", "any")]
    [InlineData("any.example.com", "better.example.com", "HTTP/1.1 421 ", "misdirected request")]
    [InlineData("any.example.com", "BETTER.example.com:8443", "HTTP/1.1 421 ", "misdirected request")]
    [InlineData("any.example.com", "plain.test", "HTTP/1.1 404 ", "listener not found")]
    [InlineData("better.example.com", "better.example.com", "HTTP/1.1 200 ", "better")]
    [InlineData("better.example.com", "any.example.com", "HTTP/1.1 421 ", "misdirected request")]
    [InlineData("better.example.com", "example.com", "HTTP/1.1 404 ", "listener not found")]
    public async Task Host_OfAnotherTlsListener_IsMisdirected(string serverName, string host, string status, string body)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        var (any, anyKey) = _certificates.Issue("any.example.com");
        var (better, betterKey) = _certificates.Issue("better.example.com");
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            binds:
            - port: {{port}}
              listeners:
              - {hostname: "*.example.com", protocol: HTTPS, tls: {cert: a, key: ak}, routes: [{policies: {directResponse: {status: 200, body: any} } }]}
              - {hostname: better.example.com, protocol: HTTPS, tls: {cert: b, key: bk}, routes: [{policies: {directResponse: {status: 200, body: better} } }]}
              - {hostname: plain.test, routes: [{policies: {directResponse: {status: 200, body: plain} } }]}
            """,
            new Dictionary<string, string> { ["a"] = any, ["ak"] = anyKey, ["b"] = better, ["bk"] = betterKey });

        await using var stream = await HandshakeAsync(port, SslProtocols.None, serverName, SslApplicationProtocol.Http11);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), Cancelled);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(Cancelled);

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.EndsWith(body, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnixSocket_AsUpstream_IsCalled()
    {
        var path = Path.Combine(Path.GetTempPath(), $"agw-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($"binds: [{{port: {port}, listeners: [{{routes: [{{backends: [{{host: 'unix:{path}'}}]}}]}}]}}]");
        var serving = ServeAsync();

        using var response = await gateway.GetAsync("/x", ("Host", "named.test"));

        Assert.Equal("GET /x HTTP/1.1", await response.Content.ReadAsStringAsync(Cancelled));
        await serving;
        File.Delete(path);

        async Task ServeAsync()
        {
            using var peer = new RawPeer(await listener.AcceptAsync(Cancelled));
            var line = (await peer.ReadHeadAsync()).Split('\r')[0];
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {line.Length}\r\n\r\n{line}");
        }
    }

    [Fact]
    public void Resolver_V4Preferred_PutsIPv4First()
    {
        IPAddress[] all = [IPAddress.IPv6Loopback, IPAddress.Loopback];

        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], SystemHostResolver.Order(all, DnsLookupFamily.V4Preferred));
        Assert.Equal(all, SystemHostResolver.Order(all, DnsLookupFamily.Auto));
    }

    [Fact]
    public async Task Resolver_V4Only_GivesNoIPv6() =>
        Assert.All(await new SystemHostResolver(DnsLookupFamily.V4Only).ResolveAsync("localhost", Cancelled), address => Assert.Equal(AddressFamily.InterNetwork, address.AddressFamily));

    public void Dispose() => _certificates.Dispose();

    private static Task<TestGateway> StartAsync(int port, string frontend, TimeProvider? time = null) => ConfiguredGateway.StartAsync(
        $"frontendPolicies:\n  {frontend}\nbinds:\n- port: {port}\n  listeners:\n  - routes:\n    - {EchoSource}\n", time: time);

    private Task<TestGateway> StartTlsAsync(int port, string tls)
    {
        var (certificate, key) = _certificates.Issue("localhost");
        return ConfiguredGateway.StartAsync(
            $"frontendPolicies: {{tls: {{{tls}}}}}\nbinds:\n- port: {port}\n  listeners:\n  - protocol: HTTPS\n    tls: {{cert: c, key: k}}\n    routes:\n    - {EchoSource}\n",
            new Dictionary<string, string> { ["c"] = certificate, ["k"] = key });
    }

    private Task<SslStream> HandshakeAsync(int port, SslProtocols protocols, params SslApplicationProtocol[] alpn) => HandshakeAsync(port, protocols, "localhost", alpn);

    private async Task<SslStream> HandshakeAsync(int port, SslProtocols protocols, string serverName, params SslApplicationProtocol[] alpn)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancelled);
        var stream = new SslStream(client.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_certificates.Authority);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = serverName, CertificateChainPolicy = policy, EnabledSslProtocols = protocols, ApplicationProtocols = [.. alpn] }, Cancelled);
        return stream;
    }

    private static async Task<string> AskAsync(int port, string request)
    {
        try
        {
            using var peer = await RawPeer.ConnectAsync(port);
            await peer.SendAsync(request);
            return await peer.ReadToEndAsync();
        }
        catch (SocketException)
        {
            // Reset before the client had said anything.
            return "";
        }
    }
}

using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Tls;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

public sealed class TlsListenerTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Https_WithAlpn_SpeaksTheVersionThatTheClientAsksFor(string version)
    {
        await using var gateway = await StartAsync(Listener("any", "", _certificates.Server("example.com")));
        using var client = Client(gateway, "example.com");
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.com/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Https_WithTwoListeners_ShowsTheCertificateOfTheServerName()
    {
        await using var gateway = await StartAsync(
            Listener("a", "a.example.com", _certificates.Server("a.example.com")),
            Listener("b", "*.example.com", _certificates.Server("b.example.com")));

        Assert.Equal("CN=a.example.com", await CertificateOfAsync(gateway, "a.example.com"));
        Assert.Equal("CN=b.example.com", await CertificateOfAsync(gateway, "b.example.com"));
    }

    [Fact]
    public async Task Https_ForAnUnknownServerName_IsCut()
    {
        await using var gateway = await StartAsync(Listener("a", "a.example.com", _certificates.Server("a.example.com")));

        await Assert.ThrowsAsync<IOException>(() => CertificateOfAsync(gateway, "other.example.com"));
    }

    [Fact]
    public async Task MutualTls_WithoutAClientCertificate_Fails()
    {
        await using var gateway = await StartAsync(Listener("any", "", _certificates.Server("example.com") with { ClientAuthorityPem = _certificates.AuthorityPem }));
        using var client = Client(gateway, "example.com");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://example.com/"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task MutualTls_WithACertificateOfTheAuthority_IsServed()
    {
        await using var gateway = await StartAsync(Listener("any", "", _certificates.Server("example.com") with { ClientAuthorityPem = _certificates.AuthorityPem }));
        using var certificate = _certificates.Client("agent");
        using var client = Client(gateway, "example.com", certificate);

        using var response = await client.GetAsync(new Uri("https://example.com/"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task MutualTls_WithACertificateOfAnotherAuthority_Fails()
    {
        using var strangers = new TestCertificates();
        await using var gateway = await StartAsync(Listener("any", "", _certificates.Server("example.com") with { ClientAuthorityPem = _certificates.AuthorityPem }));
        using var certificate = strangers.Client("agent");
        using var client = Client(gateway, "example.com", certificate);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://example.com/"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Port_WithHttpAndHttpsListeners_TellsThemApart()
    {
        await using var gateway = await StartAsync(
            Listener("secure", "", _certificates.Server("example.com")),
            new ListenerSnapshot { Key = "default/default/bind/0/plain", Name = "plain", Hostname = "plain.example.com" });
        using var client = Client(gateway, "example.com");

        using var secure = await client.GetAsync(new Uri("https://example.com/"), TestContext.Current.CancellationToken);
        using var plain = await client.GetAsync(new Uri("http://plain.example.com/"), TestContext.Current.CancellationToken);

        Assert.Equal("route not found", await secure.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("route not found", await plain.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reload_ThatAsksSomethingElseOfClients_EndsTheirConnections(bool ofAllListeners)
    {
        var tls = _certificates.Server("example.com");
        await using var gateway = await StartAsync(Listener("any", "", tls));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, TestContext.Current.CancellationToken);
        await using var ssl = new SslStream(client.GetStream());
        await ssl.AuthenticateAsClientAsync(Options("example.com", null), TestContext.Current.CancellationToken);
        await AskAsync(ssl);

        await gateway.Host.ApplyAsync(Snapshot(Listener("any", "", tls)), TestContext.Current.CancellationToken);
        await AskAsync(ssl);
        var next = ofAllListeners
            ? Snapshot(Listener("any", "", tls)) with { Frontend = new FrontendSnapshot { Tls = new FrontendTlsSnapshot { MinimumVersion = TlsVersion.Tls13 } } }
            : Snapshot(Listener("any", "", tls with { ClientAuthorityPem = _certificates.AuthorityPem }));
        await gateway.Host.ApplyAsync(next, TestContext.Current.CancellationToken);

        Assert.Equal(0, await ssl.ReadAsync(new byte[1], TestContext.Current.CancellationToken));

        static async Task AskAsync(SslStream ssl)
        {
            await ssl.WriteAsync("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(ssl, leaveOpen: true);
            Assert.Equal("HTTP/1.1 404 Not Found", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 })
            {
                // Header fields.
            }

            var body = new char["route not found".Length];
            Assert.Equal(body.Length, await reader.ReadBlockAsync(body, TestContext.Current.CancellationToken));
        }
    }

    public void Dispose() => _certificates.Dispose();

    private static Task<TestGateway> StartAsync(params ListenerSnapshot[] listeners) => TestGateway.StartAsync(Snapshot(listeners));

    private static GatewaySnapshot Snapshot(params ListenerSnapshot[] listeners) =>
        new() { Binds = [new BindSnapshot { Key = "bind/0", Port = 0, Listeners = [.. listeners] }] };

    private static ListenerSnapshot Listener(string name, string hostname, ServerTlsSnapshot tls) => new()
    {
        Key = $"default/default/bind/0/{name}",
        Name = name,
        Hostname = hostname,
        Protocol = ListenerProtocol.Https,
        Tls = tls,
    };

    /// <summary>A client that resolves every name to the gateway and trusts the test's authority only.</summary>
    private HttpClient Client(TestGateway gateway, string serverName, X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = Options(serverName, certificate),
        };
        return new HttpClient(handler);
    }

    private async Task<string> CertificateOfAsync(TestGateway gateway, string serverName)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, TestContext.Current.CancellationToken);
        await using var ssl = new SslStream(client.GetStream());
        await ssl.AuthenticateAsClientAsync(Options(serverName, null), TestContext.Current.CancellationToken);
        return ssl.RemoteCertificate!.Subject;
    }

    private SslClientAuthenticationOptions Options(string serverName, X509Certificate2? certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_certificates.Authority);
        return new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            CertificateChainPolicy = policy,
            ClientCertificates = certificate is null ? null : [certificate],
        };
    }
}

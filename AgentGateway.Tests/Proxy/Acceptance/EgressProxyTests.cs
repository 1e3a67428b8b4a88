using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Listeners;
using Xunit;

namespace AgentGateway.Tests.Proxy.Acceptance;

/// <summary>The egress proxy: clients open CONNECT tunnels into the gateway, which lets out the server names that a route lists.</summary>
public sealed class EgressProxyTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tunnel_ToAListedServerName_ReachesTheServer()
    {
        await using var server = StartTlsServer();
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{port}}
              tunnelProtocol: connect
              listeners: []
            - port: {{server.Port}}
              mode: internal
              listeners:
              - name: public-egress
                hostname: "*"
                protocol: TLS
                tcpRoutes:
                - name: allowlist
                  hostnames: [localhost]
                  backends:
                  - dynamic: {}
            """);

        using var allowed = await ConnectAsync(port, $"localhost:{server.Port}");
        Assert.Equal("hello from the server", await AskAsync(allowed, "localhost"));

        using var denied = await ConnectAsync(port, $"localhost:{server.Port}");
        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(denied, "elsewhere.test"));
    }

    [Fact]
    public async Task Tunnel_ToAServerNameThatTheGatewayAnswersItself_IsTerminatedThere()
    {
        var ports = ConfiguredGateway.FreePorts(2);
        var (certificate, key) = _certificates.Issue("static.example.com");
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            binds:
            - port: {{ports[0]}}
              tunnelProtocol: connect
              listeners: []
            gateways:
              secure:
                port: {{ports[1]}}
                listeners:
                - name: direct-response
                  hostname: static.example.com
                  protocol: HTTPS
                  tls: {cert: cert.pem, key: key.pem}
                - name: public-egress
                  hostname: "*"
                  protocol: TLS
            tcpRoutes:
            - name: allowlist
              gateways: secure/public-egress
              hostnames: [github.example]
              backends:
              - dynamic: {}
            routes:
            - name: static-response
              gateways: secure/direct-response
              policies:
                authorization:
                  rules: ['source.connectHeaders["x-team"] == "red"']
                directResponse: {status: 200, body: hello from agentgateway}
            """,
            new Dictionary<string, string> { ["cert.pem"] = certificate, ["key.pem"] = key });

        Assert.EndsWith("hello from agentgateway", await GetAsync("red"), StringComparison.Ordinal);
        Assert.EndsWith("authorization failed", await GetAsync("blue"), StringComparison.Ordinal);

        async Task<string> GetAsync(string team)
        {
            using var peer = await ConnectAsync(ports[0], $"static.example.com:{ports[1]}", $"x-team: {team}\r\n");
            await using var tls = await HandshakeAsync(peer, "static.example.com");
            await tls.WriteAsync("GET / HTTP/1.1\r\nHost: static.example.com\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
            using var reader = new StreamReader(tls, Encoding.ASCII);
            return await reader.ReadToEndAsync(Cancelled);
        }
    }

    [Fact]
    public async Task ConnectHeaders_SensitiveByConfiguration_AreMaskedInTheRedactedView()
    {
        var ports = ConfiguredGateway.FreePorts(2);
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            config:
              sensitiveHeaders: [X-Team]
            binds:
            - port: {{ports[0]}}
              tunnelProtocol: connect
              listeners: []
            - port: {{ports[1]}}
              listeners:
              - routes:
                - policies:
                    authorization:
                      rules:
                      - 'source.connectHeaders.redacted()["x-team"] == "<redacted>" && source.connectHeaders["x-team"] == "red" && source.connectHeaders.redacted()["x-other"] == "seen"'
                    directResponse: {status: 200, body: hello from agentgateway}
            """);

        using var peer = await ConnectAsync(ports[0], $"gateway.example:{ports[1]}", "x-team: red\r\nx-other: seen\r\n");
        await peer.SendAsync("GET / HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", await peer.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destination_OfARequestInATunnel_IsWhatTheClientAskedFor()
    {
        var ports = ConfiguredGateway.FreePorts(2);
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            binds:
            - port: {{ports[0]}}
              tunnelProtocol: connect
              listeners: []
            - port: {{ports[1]}}
              listeners:
              - routes:
                - policies:
                    authorization:
                      rules: ['destination.hostname == "gateway.example" && destination.port == {{ports[1]}}']
                    directResponse: {status: 200, body: hello from agentgateway}
            """);

        using var peer = await ConnectAsync(ports[0], $"gateway.example:{ports[1]}", "x-other: seen\r\n");
        await peer.SendAsync("GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", await peer.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TcpRoute_WithBackendTls_EncryptsTowardsTheServer()
    {
        await using var server = StartTlsServer();
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            binds:
            - port: {{port}}
              listeners:
              - protocol: TCP
                tcpRoutes:
                - backends:
                  - host: localhost:{{server.Port}}
                    policies:
                      backendTLS: {root: root.pem}
            """,
            new Dictionary<string, string> { ["root.pem"] = _certificates.AuthorityPem });

        using var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync("hi\n");

        Assert.Equal("hello from the server\n", await peer.ReadUntilAsync("\n"));
    }

    [Fact]
    public async Task BackendTunnel_ForHttpAndTls_GoesThroughTheProxy()
    {
        await using var plain = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain");
        var seen = new List<string>();
        await using var proxy = RawUpstream.Start(async peer =>
        {
            var head = await peer.ReadHeadAsync();
            lock (seen)
            {
                seen.Add(head);
            }

            if (head.Contains("secret", StringComparison.Ordinal))
            {
                await peer.SendAsync("HTTP/1.1 200 Connection established\r\n\r\n");
                var request = await peer.ReadHeadAsync();
                await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ntunnel{request.Length % 10}");
            }
            else
            {
                await peer.SendAsync("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            }
        });
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - name: good
                  matches: [{path: {pathPrefix: /good} }]
                  backends:
                  - host: unknown.name.invalid:{{plain.Port}}
                    policies:
                      backendTunnel:
                        proxy: {host: "127.0.0.1:{{proxy.Port}}"}
                        policies: {backendAuth: {key: secret} }
                - name: bad
                  backends:
                  - host: unknown.name.invalid:{{plain.Port}}
                    policies:
                      backendTunnel:
                        proxy: {host: "127.0.0.1:{{proxy.Port}}"}
            """);

        Assert.StartsWith("tunnel", await gateway.Client.GetStringAsync("/good", Cancelled), StringComparison.Ordinal);
        using var refused = await gateway.GetAsync("/bad");

        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Contains("refused the tunnel with status 407", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.StartsWith($"CONNECT unknown.name.invalid:{plain.Port} HTTP/1.1\r\nHost: unknown.name.invalid:{plain.Port}\r\nProxy-Authorization: Bearer secret\r\n", seen[0], StringComparison.Ordinal);
    }

    public void Dispose() => _certificates.Dispose();

    // Says hello to whoever finishes the handshake.
    private RawUpstream StartTlsServer()
    {
        var (pem, key) = _certificates.Issue("localhost");
        var certificate = X509Certificate2.CreateFromPem(pem, key);
        return RawUpstream.Start(async peer =>
        {
            try
            {
                await using var tls = new SslStream(new NetworkStream(peer.Socket));
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.WriteAsync("hello from the server\n"u8.ToArray());
                await tls.ReadExactlyAsync(new byte[1]);
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // The client has gone; it has seen what it wanted.
            }
        });
    }

    private static async Task<RawPeer> ConnectAsync(int port, string authority, string headers = "")
    {
        var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{headers}\r\n");
        Assert.StartsWith("HTTP/1.1 200", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        return peer;
    }

    private async Task<SslStream> HandshakeAsync(RawPeer peer, string serverName)
    {
        var tls = new SslStream(new NetworkStream(peer.Socket));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_certificates.Authority);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = serverName, CertificateChainPolicy = policy }, Cancelled);
        return tls;
    }

    private async Task<string?> AskAsync(RawPeer peer, string serverName)
    {
        await using var tls = await HandshakeAsync(peer, serverName);
        using var reader = new StreamReader(tls, Encoding.ASCII);
        return await reader.ReadLineAsync(Cancelled);
    }
}

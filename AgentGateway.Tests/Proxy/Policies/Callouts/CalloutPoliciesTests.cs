using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Proxy.Policies.RemoteRateLimit.Protocol;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Listeners;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Callouts;

/// <summary>Policies of the connection to a service that a policy calls.</summary>
public sealed class CalloutPoliciesTests
{
    [Fact]
    public async Task ExtAuthz_PoliciesOfItsConnection_ActOnTheCall()
    {
        await using var authz = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync($$"""
            extAuthz:
              host: localhost:{{authz.Port}}
              protocol: {http: {path: '"/check"'} }
              policies:
                requestHeaderModifier: {set: {x-fixed: "1"} }
                transformations: {request: {set: {x-path: request.path} } }
                backendAuth: {key: sk-authz}
            """);

        using var response = await gateway.GetAsync("/a", ("Authorization", "Bearer of-the-client"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(("1", "/a", "Bearer sk-authz"), (authz.Last.Header("x-fixed"), authz.Last.Header("x-path"), authz.Last.Header("Authorization")));
    }

    [Fact]
    public async Task ExtAuthz_NamedBackendWithTls_IsCalledOverTls()
    {
        using var certificates = new TestCertificates();
        var (pem, key) = certificates.Issue("localhost");
        using var certificate = X509Certificate2.CreateFromPem(pem, key);
        var asked = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var authz = RawUpstream.Start(async peer =>
        {
            await using var tls = new SslStream(new NetworkStream(peer.Socket));
            await tls.AuthenticateAsServerAsync(certificate);
            using var reader = new StreamReader(tls);
            var line = await reader.ReadLineAsync();
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            asked.SetResult(line);
            await peer.Socket.ReceiveAsync(new byte[1]);
        });
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            backends:
            - name: authz
              host: localhost:{{authz.Port}}
              policies: {backendTLS: {root: root.pem} }
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - policies:
                    extAuthz: {backend: /authz, protocol: {http: {path: '"/check"'} } }
                    directResponse: {status: 200}
            """,
            new Dictionary<string, string> { ["root.pem"] = certificates.AuthorityPem });

        using var response = await gateway.GetAsync("/a");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("GET /check HTTP/1.1", await asked.Task);
    }

    [Fact]
    public async Task ExtAuthz_SlowerThanTheTimeoutOfItsConnection_IsAFailure()
    {
        await using var silent = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync($$"""
            extAuthz:
              host: localhost:{{silent.Port}}
              protocol: {http: {} }
              failureMode: {denyWithStatus: 418}
              policies: {http: {requestTimeout: 100ms} }
            """);

        using var response = await gateway.GetAsync("/a");

        Assert.Equal(418, (int)response.StatusCode);
    }

    [Fact]
    public async Task RemoteRateLimit_PoliciesOfItsConnection_ActOnTheGrpcCall()
    {
        string? authorization = null, team = null;
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => new RateLimitResponse { OverallCode = RateLimitResponse.Types.Code.Ok });
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(context =>
        {
            (authorization, team) = (context.Request.Headers.Authorization, context.Request.Headers["x-team"]);
            return service.HandleAsync(context);
        }));
        await using var gateway = await StartAsync($$"""
            remoteRateLimit:
              domain: d
              host: localhost:{{rls.Port}}
              descriptors: [{entries: [{key: k, value: '"v"'}]}]
              policies:
                backendAuth: {key: sk-limits}
                requestHeaderModifier: {set: {x-team: red} }
            """);

        using var response = await gateway.GetAsync("/a");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(("Bearer sk-limits", "red"), (authorization, team));
    }

    private static Task<TestGateway> StartAsync(string policy)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        var lines = string.Concat(policy.Split('\n').Select(line => "        " + line.TrimEnd('\r') + "\n"));
        return ConfiguredGateway.StartAsync($"binds:\n- port: {port}\n  listeners:\n  - routes:\n    - policies:\n        directResponse: {{status: 200}}\n{lines}");
    }
}

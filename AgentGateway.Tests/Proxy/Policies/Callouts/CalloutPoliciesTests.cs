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

    [Fact]
    public async Task Service_OfTheRegistry_IsCalledByPolicies()
    {
        await using var authz = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "{}", context.Request.Path == "/no" ? 403 : 200));
        await using var limits = await TestUpstream.StartAsync(
            http2: true, map: application => application.Run(new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => new RateLimitResponse { OverallCode = RateLimitResponse.Types.Code.OverLimit }).HandleAsync));
        await using var copies = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        const string Descriptor = "descriptors: [{entries: [{key: k, value: 'request.headers[\"x-user\"]'}]}]";
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port,
            "{extAuthz: {service: {name: ns/authz, port: 80}, protocol: {http: {}}}, requestMirror: {backend: {service: {name: ns/copies, port: 80}}, percentage: 1}, "
            + $"remoteRateLimit: {{service: {{name: ns/limits, port: 80}}, domain: d, {Descriptor}}}}}",
            more: Registry(("authz", authz.Port), ("limits", limits.Port), ("copies", copies.Port)));

        using var passing = await gateway.GetAsync("/yes");
        using var refused = await gateway.GetAsync("/no");
        using var limited = await gateway.GetAsync("/yes", ("x-user", "a"));

        Assert.Equal([200, 403, 429], [(int)passing.StatusCode, (int)refused.StatusCode, (int)limited.StatusCode]);

        // Nobody waits for a copy, a stop of the gateway neither.
        while (copies.Seen.Count == 0)
        {
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await gateway.StopAsync();
        Assert.Equal(["/yes"], copies.Seen.Select(copy => copy.Target));
    }

    [Theory]
    [InlineData("{extAuthz: {service: {name: ns/empty, port: 80}, failureMode: {denyWithStatus: 418}, protocol: {http: {}}}}", 418)]
    [InlineData("{extAuthz: {service: {name: ns/empty, port: 80}, failureMode: allow}}", 200)]
    [InlineData("{remoteRateLimit: {service: {name: ns/empty, port: 80}, domain: d, descriptors: [{entries: [{key: k, value: '\"v\"'}]}]}}", 500)]
    [InlineData("{requestMirror: {backend: {service: {name: ns/empty, port: 80}}, percentage: 1}}", 200)]
    public async Task Service_WithoutEndpoints_IsAFailureOfTheCall(string policies, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, policies, more: "services: [{name: empty, namespace: ns, hostname: empty, vips: [], ports: {'80': 8080}}]");

        using var response = await gateway.GetAsync("/");

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("frontendPolicies: {tracing: {service: {name: ns/a, port: 80}}}", "frontendPolicies.tracing.service")]
    [InlineData("backends: [{name: b, host: 'h:1', policies: {backendTunnel: {proxy: {service: {name: ns/a, port: 80}}}}}]", "backends[0].policies.backendTunnel.proxy")]
    public void Service_WhereItCannotBeCalled_IsRefused(string place, string path)
    {
        var errors = ConfiguredGateway.Errors(place + "\nservices: [{name: a, namespace: ns, hostname: a, vips: [], ports: {'80': 8080}}]");

        Assert.Contains($"not supported yet: {path}", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static string Registry(params (string Name, int Port)[] services) =>
        "services:\n" + string.Concat(services.Select(service => $"- {{name: {service.Name}, namespace: ns, hostname: {service.Name}, vips: [], ports: {{'80': 8080}}}}\n"))
        + "workloads:\n" + string.Concat(services.Select(service =>
            $"- {{uid: {service.Name}, name: {service.Name}, namespace: ns, trustDomain: cluster.local, workloadIps: [127.0.0.1], services: {{'ns/{service.Name}': {{'80': {service.Port}}}}}}}\n"));

    private static Task<TestGateway> StartAsync(string policy)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        var lines = string.Concat(policy.Split('\n').Select(line => "        " + line.TrimEnd('\r') + "\n"));
        return ConfiguredGateway.StartAsync($"binds:\n- port: {port}\n  listeners:\n  - routes:\n    - policies:\n        directResponse: {{status: 200}}\n{lines}");
    }
}

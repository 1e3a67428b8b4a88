using System.Net;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Policies.ExtAuthz.Protocol;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>What expressions, secrets and called services put into messages: it never becomes a second header or a second request.</summary>
public sealed class CalloutHeaderTests
{
    // What url.decode makes of it is a value with a line break and a header behind it.
    private const string Injected = "string(url.decode(\\'a%0d%0ax-injected: b\\'))";

    [Theory]
    [InlineData("x-user: 'INJECTED'")]
    [InlineData("':method': 'INJECTED'")]
    [InlineData("':method': '\"GET / HTTP/1.1\"'")]
    [InlineData("':authority': 'INJECTED'")]
    [InlineData("':authority': '\"a b\"'")]
    public async Task ExtAuthz_HeaderOfTheCallWithALineBreak_IsAFailureOfTheCall(string header)
    {
        await using var service = EchoGateway.Echo();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port,
            $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', failureMode: {{denyWithStatus: 418}}, protocol: {{http: {{addRequestHeaders: {{{Expression(header)}}}}}}}}}}}");

        using var response = await gateway.GetAsync("/");

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal(0, service.Connections);
    }

    [Fact]
    public async Task ExtAuthz_RedirectWithALineBreak_IsTheAnswerOfTheService()
    {
        await using var service = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "{}", 401));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{http: {{redirect: {Expression("'INJECTED'")}}}}}}}}}");

        using var response = await gateway.GetAsync("/");

        Assert.Equal((HttpStatusCode.Unauthorized, "{}"), (response.StatusCode, await response.TextAsync()));
        Assert.Null(response.Header("x-injected") ?? response.Header("location"));
    }

    [Theory]
    [InlineData("/public/../admin")]
    [InlineData("/a/%2e%2e/b?x=%2F&y=a%20b")]
    [InlineData("//other.test/x")]
    public async Task ExtAuthz_Path_IsTheOneThatTheUpstreamGets(string path)
    {
        await using var service = EchoGateway.Echo("X-Seen: y\r\n");
        await using var upstream = EchoGateway.Echo();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{http: {{metadata: {{head: 'string(response.body)'}}}}}}}}, transformations: {{response: {{set: {{x-asked: 'extauthz.head.split(\" \")[1]'}}}}}}}}");

        var (head, body) = await gateway.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Contains($"x-asked: {path}\r\n", head, StringComparison.Ordinal);
        Assert.StartsWith($"GET {path} HTTP/1.1\r\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtAuthz_HeadersThatComeTwice_AllArrive()
    {
        await using var service = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/in" ? 200 : 403;
            context.Response.Headers.Append("Set-Cookie", "a=1");
            context.Response.Headers.Append("Set-Cookie", "b=2");
            context.Response.Headers.Append("x-group", "red");
            context.Response.Headers.Append("x-group", "blue");
            return Task.CompletedTask;
        });
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{http: {{includeResponseHeaders: [x-group]}}}}}}}}");

        using var allowed = await gateway.GetAsync("/in", ("x-group", "admin"));
        using var refused = await gateway.GetAsync("/out");

        Assert.Equal("red,blue", upstream.Last.Header("x-group"));
        Assert.Equal("a=1|b=2", refused.Header("Set-Cookie"));
    }

    [Theory]
    [InlineData("x-user", "alice\r\nx-injected: b", 418)]
    [InlineData("x-user\r\nx-injected", "b", 418)]
    [InlineData("x-user", "alice", 200)]
    [InlineData("content-length", "100", 200)]
    public async Task ExtAuthz_HeaderOfTheGrpcServiceWithALineBreak_IsAFailureOfTheCall(string name, string value, int status)
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse
        {
            Status = new RpcStatus(),
            OkResponse = new OkHttpResponse { Headers = { new HeaderValueOption { Header = new HeaderValue { Key = name, Value = value } } } },
        });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, $"{{extAuthz: {{host: '127.0.0.1:{authz.Port}', failureMode: {{denyWithStatus: 418}}}}}}");

        using var response = await gateway.GetAsync("/", ("x-user", "mallory"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.All(upstream.Seen, request => Assert.Null(request.Header("x-injected")));
    }

    [Theory]
    [InlineData("{backendAuth: {key: {file: key.txt}}}")]
    [InlineData("{backendAuth: {key: {file: key.txt}}, http: {version: '2'}}")]
    [InlineData("{backendAuth: {credentials: [{location: {header: {name: x-key}}, key: {file: key.txt}}]}, http: {version: '2'}}")]
    public async Task BackendAuth_KeyWithALineBreak_IsRefusedAtStart(string backend)
    {
        var error = await Assert.ThrowsAsync<PolicySettingsException>(async () => await ConfiguredGateway.StartAsync(
            ConfiguredRoute.Text(1, "{}", backend), new Dictionary<string, string> { ["key.txt"] = "secret\r\nx-injected: b" }));

        Assert.Contains("the key holds a line break", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static string Expression(string text) => text.Replace("INJECTED", Injected.Replace("\\'", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
}

using System.Net;
using AgentGateway.Proxy.Policies.ExtAuthz.Protocol;
using AgentGateway.Tests.Configuration;
using AgentGateway.Tests.Proxy.Acceptance;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.ExtAuthz;

/// <summary>Every option of <c>extAuthz</c> (config-mcp 3.7) as a user writes it.</summary>
public sealed class ExtAuthzOptionsTests
{
    [Theory]
    [InlineData("", "GET /p?q=1", "authorization")]
    [InlineData(", includeRequestHeaders: [x-a, x-none]", "GET /p?q=1", "x-a")]
    [InlineData(", includeRequestHeaders: []", "GET /p?q=1", "")]
    [InlineData("http: {path: '\"/check\" + request.path'}", "GET /check/p", "authorization")]
    [InlineData("http: {addRequestHeaders: {x-new: 'request.method', x-lost: 'request.headers[\"none\"]', ':method': '\"PUT\"', ':path': '\"/other\"'}}", "PUT /other", "authorization,x-new")]
    public async Task Http_WhatTheServiceSees_FollowsTheSettings(string settings, string line, string headers)
    {
        await using var service = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        var protocol = settings.StartsWith("http", StringComparison.Ordinal) ? settings : "http: {}";
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{{protocol}}}{(settings.StartsWith(',') ? settings : "")}}}}}");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/p?q=1");
        foreach (var name in (string[])["Authorization", "Cookie", "x-a", "x-b"])
        {
            request.Headers.TryAddWithoutValidation(name, "v");
        }

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(line, $"{service.Last.Method} {service.Last.Target}");
        var ofTheCall = service.Last.Headers.Keys.Select(name => name.ToLowerInvariant()).Except(["host", "content-length", "traceparent"]).Order();
        Assert.Equal(headers, string.Join(',', ofTheCall));
    }

    [Theory]
    [InlineData(200, "{}", 200)]
    [InlineData(204, "{}", 200)]
    [InlineData(299, "{}", 200)]
    [InlineData(301, "{}", 301)]
    [InlineData(400, "{}", 400)]
    [InlineData(401, "{}", 401)]
    [InlineData(500, "{}", 500)]
    [InlineData(500, "{failureMode: allow}", 500)] // It did answer.
    [InlineData(401, "{redirect: true}", 302)]
    [InlineData(403, "{redirect: true}", 302)]
    [InlineData(400, "{redirect: true}", 400)]
    public async Task Http_Status_IsTheDecision(int answered, string settings, int status)
    {
        await using var service = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = answered;
            context.Response.Headers["x-reason"] = "because";
            return Task.CompletedTask;
        });
        await using var upstream = await TestUpstream.StartAsync();
        var redirect = settings.Contains("redirect", StringComparison.Ordinal);
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port,
            $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{http: {{{(redirect ? "redirect: '\"/login?to=\" + request.path'" : "")}}}}}{(settings.Contains("allow", StringComparison.Ordinal) ? ", failureMode: allow" : "")}}}}}");

        using var response = await gateway.GetAsync("/p");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, upstream.Seen.Count);
        Assert.Equal(status is 200 or 302 ? null : "because", response.Header("x-reason"));
        Assert.Equal(status == 302 ? "/login?to=/p" : null, response.Header("Location"));
    }

    [Theory]
    [InlineData("deny", 403)]
    [InlineData("allow", 200)]
    [InlineData("{denyWithStatus: 503}", 503)]
    public async Task Http_NoAnswerWithinTwoSeconds_IsWhatFailureModeSays(string mode, int status)
    {
        var time = new WatchedTime(TimeSpan.FromSeconds(2));
        await using var service = await TestUpstream.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{http: {{}}}}, failureMode: {mode}}}}}", time);

        var pending = gateway.GetAsync("/");
        await time.TimerStarted;
        time.Advance(TimeSpan.FromSeconds(2));
        using var response = await pending;

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? "" : "external authorization failed", await response.TextAsync());
    }

    [Theory]
    [InlineData(200, 1)]
    [InlineData(403, 1)]
    [InlineData(500, 2)] // A failure of the service is asked about again.
    public async Task Cache_Answers_AreKeptForTheirTime(int answered, int asked)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var service = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "{}", answered));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{http: {{}}}}, cache: {{key: ['request.path', 'request.method'], ttl: 'duration(\"30s\")'}}}}}}", time);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.GetAsync("/a");
            Assert.Equal(answered, (int)response.StatusCode);
        }

        Assert.Equal(asked, service.Seen.Count);
        time.Advance(TimeSpan.FromSeconds(30));
        using var later = await gateway.GetAsync("/a");
        using var other = await gateway.GetAsync("/b");
        Assert.Equal(asked + 2, service.Seen.Count);
    }

    [Theory]
    [InlineData("false", "", "text")]
    [InlineData("true", "text", "")]
    public async Task Grpc_Body_IsPackedAsTold(string packed, string raw, string text)
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse { Status = new RpcStatus(), OkResponse = new OkHttpResponse() });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, $"{{extAuthz: {{host: '127.0.0.1:{authz.Port}', includeRequestBody: {{maxRequestBytes: 100, packAsBytes: {packed}}}}}}}");

        using var response = await gateway.PostAsync("/p", "text");

        var http = service.Seen.Single().Attributes.Request.Http;
        Assert.Equal((raw, text, "text"), (http.RawBody.ToStringUtf8(), http.Body, upstream.Last.Body));
    }

    [Theory]
    [InlineData("", ":authority,:method,:path,:scheme,content-length,content-type,cookie,host,x-a")]
    [InlineData(", includeRequestHeaders: [X-A, ':path', none]", ":path,x-a")]
    public async Task Grpc_Headers_AreAllOrThoseThatAreListed(string settings, string names)
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse { Status = new RpcStatus(), OkResponse = new OkHttpResponse() });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port,
            $"{{extAuthz: {{host: '127.0.0.1:{authz.Port}'{settings}, protocol: {{grpc: {{context: {{tier: gold}}, metadata: {{own.name: '{{\"path\": request.path}}', lost: 'request.headers[\"none\"]'}}}}}}}}}}");

        using var response = await gateway.PostAsync("/p?q=1", "text", ("Cookie", "a=b"), ("x-a", "1"));

        var attributes = service.Seen.Single().Attributes;
        Assert.Equal(names, string.Join(',', attributes.Request.Http.Headers.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal("/p?q=1", attributes.Request.Http.Headers[":path"]);
        Assert.Equal("gold", attributes.ContextExtensions["tier"]);
        Assert.Equal("/p", Assert.Single(attributes.MetadataContext.FilterMetadata).Value.Fields["path"].StringValue);
    }

    private static async Task<TestGateway> StartAsync(TestUpstream upstream, string route, TimeProvider time)
    {
        var loaded = TestLoad.LoadValid(ConfiguredRoute.Text(upstream.Port, route), forRuntime: true);
        return await TestGateway.StartAsync(loaded.Snapshot!, loaded.Settings, time);
    }
}

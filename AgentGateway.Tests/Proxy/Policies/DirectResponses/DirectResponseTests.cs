using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.DirectResponses;

public sealed class DirectResponseTests
{
    [Fact]
    public async Task DirectResponse_StatusAndBody_AnswerWithoutABackend()
    {
        await using var gateway = await EchoGateway.StartAsync(new DirectResponse { Status = 418, Body = BodyText.Of("short and stout") });

        using var response = await gateway.GetAsync("/");

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("short and stout", await response.TextAsync());
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task DirectResponse_Expressions_GiveBodyAndHeaders()
    {
        await using var gateway = await EchoGateway.StartAsync(new DirectResponse
        {
            Status = 200,
            BodyExpression = new("{'path': request.path}"),
            Headers = new([new("content-type", new("'application/json'")), new("x-missing", new("request.headers['nope']")), new("x-many", new("['a', 'b']"))]),
        });

        using var response = await gateway.GetAsync("/p");

        Assert.Equal("{\"path\":\"/p\"}", await response.TextAsync());
        Assert.Equal("application/json", response.Header("content-type"));
        Assert.Null(response.Header("x-missing"));
        Assert.Equal("a|b", response.Header("x-many"));
    }

    [Fact]
    public async Task DirectResponse_BodyOfTheRequest_CanBeRead()
    {
        await using var gateway = await EchoGateway.StartAsync(new DirectResponse { Status = 200, BodyExpression = new("'got ' + string(request.body)") });
        using var content = new StringContent("this");

        using var response = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal("got this", await response.TextAsync());
    }

    [Theory]
    [InlineData("request.headers['nope']", "'x'", "directResponse.bodyExpression: ")]
    [InlineData("'ok'", "'a\\r\\nb: c'", "directResponse.headers: the value of x-a holds control characters")]
    public async Task DirectResponse_ExpressionThatCannotBeSent_Answers500(string body, string header, string message)
    {
        await using var gateway = await EchoGateway.StartAsync(new DirectResponse { Status = 200, BodyExpression = new(body), Headers = new([new("x-a", new(header))]) });

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("failed to apply filters: " + message, await response.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DirectResponse_NoContent_HasNoBodyAndNoLength()
    {
        await using var gateway = await EchoGateway.StartAsync(new DirectResponse { Status = 204, Body = BodyText.Of("ignored") });

        var (head, _) = await gateway.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 204 No Content\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DirectResponse_Redirect_ComesAfterTheRequestRedirect()
    {
        await using var gateway = await EchoGateway.StartAsync(new DirectResponse { Status = 200 }, new RequestRedirect { Scheme = "https" });

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }
}

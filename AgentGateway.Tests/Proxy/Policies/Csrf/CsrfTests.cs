using System.Net;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Csrf;

public sealed class CsrfTests
{
    [Theory]
    [InlineData("GET", "cross-site", "https://evil.example", true)]
    [InlineData("HEAD", "cross-site", "https://evil.example", true)]
    [InlineData("OPTIONS", "cross-site", "https://evil.example", true)]
    [InlineData("POST", "same-origin", "https://evil.example", true)]
    [InlineData("POST", "none", null, true)]
    [InlineData("POST", "cross-site", "https://evil.example", false)]
    [InlineData("POST", "same-site", null, false)]
    [InlineData("POST", "cross-site", "https://trusted.example", true)]
    [InlineData("POST", "cross-site", "http://gateway.example", false)]
    [InlineData("POST", null, null, true)]
    [InlineData("POST", null, "null", true)]
    [InlineData("POST", null, "http://gateway.example", true)]
    [InlineData("POST", null, "http://Gateway.example:80", true)]
    [InlineData("POST", null, "https://gateway.example", false)]
    [InlineData("POST", null, "http://gateway.example:81", false)]
    [InlineData("POST", null, "https://trusted.example:443", true)]
    [InlineData("DELETE", null, "https://evil.example", false)]
    public async Task Csrf_RequestThatChangesState_NeedsATrustedOrigin(string method, string? site, string? origin, bool passes)
    {
        await using var gateway = await EchoGateway.StartAsync(new CsrfPolicy { AdditionalOrigins = ["https://trusted.example"] });
        List<(string, string)> headers = [("Host", "gateway.example")];
        if (site is not null)
        {
            headers.Add(("Sec-Fetch-Site", site));
        }

        if (origin is not null)
        {
            headers.Add(("Origin", origin));
        }

        using var response = await gateway.RequestAsync(new HttpMethod(method), "/", [.. headers]);

        Assert.Equal(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        if (!passes)
        {
            Assert.Equal("CSRF validation failed", await response.TextAsync());
            Assert.Equal(0, gateway.UpstreamConnections);
        }
    }
}

using AgentGateway.Tests.Proxy.Acceptance;
using Xunit;

namespace AgentGateway.Tests.Configuration.Model.Frontend;

/// <summary>Limits that neither the HTTP server nor the operating system would take are refused where they are written.</summary>
public sealed class FrontendLimitsTests
{
    [Theory]
    [InlineData("http: {http2WindowSize: 65534}", "frontendPolicies.http.http2WindowSize: invalid value: integer `65534` is out of range; write a whole number from 65535 to 2147483647")]
    [InlineData("http: {http2ConnectionWindowSize: 1}", "frontendPolicies.http.http2ConnectionWindowSize: invalid value: integer `1` is out of range; write a whole number from 65535 to 2147483647")]
    [InlineData("http: {http2MaxHeaderSize: 16777217}", "frontendPolicies.http.http2MaxHeaderSize: invalid value: integer `16777217` is out of range; write a whole number from 1 to 16777216")]
    [InlineData("http: {http2KeepaliveInterval: 999ms}", "frontendPolicies.http.http2KeepaliveInterval: invalid duration `999ms`: write one of at least 1s")]
    [InlineData("http: {http2KeepaliveTimeout: 10ms}", "frontendPolicies.http.http2KeepaliveTimeout: invalid duration `10ms`: write one of at least 1s")]
    [InlineData("tcp: {keepalives: {time: 40000s}}", "frontendPolicies.tcp.keepalives.time: invalid duration `40000s`: write one from 0s to 9h6m7s")]
    [InlineData("tcp: {keepalives: {interval: 10h}}", "frontendPolicies.tcp.keepalives.interval: invalid duration `10h`: write one from 0s to 9h6m7s")]
    [InlineData("tcp: {keepalives: {retries: 0}}", "frontendPolicies.tcp.keepalives.retries: invalid value: integer `0` is out of range; write a whole number from 1 to 127")]
    [InlineData("tcp: {keepalives: {retries: 128}}", "frontendPolicies.tcp.keepalives.retries: invalid value: integer `128` is out of range; write a whole number from 1 to 127")]
    [InlineData("tls: {minVersion: TLS_V1_3, maxVersion: TLS_V1_2}", "frontendPolicies.tls.minVersion: invalid TLS version range: the lowest version is above the highest")]
    public void Load_LimitThatCannotBeKept_SaysWhichCan(string policies, string message)
    {
        var error = TestLoad.SingleError($"frontendPolicies: {{{policies}}}");

        Assert.Equal(message, $"{error.Path}: {error.Message}");
    }

    [Theory]
    [InlineData("http: {http2WindowSize: 65535, http2ConnectionWindowSize: 65535, http2MaxHeaderSize: 16777216, http2KeepaliveInterval: 1s, http2KeepaliveTimeout: 1s, http1MaxHeaders: 100000, http2FrameSize: 16777215}")]
    [InlineData("http: {maxBufferSize: 0, http2WindowSize: 2147483647, http2ConnectionWindowSize: 2147483647, http2MaxHeaderSize: 1, http2FrameSize: 16384}")]
    [InlineData("tcp: {keepalives: {time: 0s, interval: 100ms, retries: 1}}")]
    [InlineData("tcp: {keepalives: {time: 9h6m7s, interval: 9h6m7s, retries: 127}}")]
    public async Task Gateway_WithALimitAtItsBound_Serves(string policies)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            frontendPolicies:
              {{policies}}
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - policies:
                    directResponse: {status: 200, body: served}
            """);

        Assert.Equal("served", await gateway.Client.GetStringAsync(gateway.Address, TestContext.Current.CancellationToken));
    }
}

using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth;
using AgentGateway.Proxy.Backends.Auth.Aws;
using AgentGateway.Tests.Proxy.Policies;
using AgentGateway.Tests.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Auth.Aws;

public sealed class AssumedRoleCredentialsTests
{
    private const string Answer = """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
          <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/x/alice</Arn></AssumedRoleUser>
          <Credentials><AccessKeyId>ASIATEMP</AccessKeyId><SecretAccessKey>temp-secret</SecretAccessKey><SessionToken>temp-token</SessionToken><Expiration>2026-01-20T17:28:30Z</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Role_AsksOnceForEachSessionUntilTheKeysEnd()
    {
        await using var sts = await TestUpstream.StartAsync(context => context.Response.WriteAsync(Answer));
        var time = new FakeTimeProvider(TelemetryHarness.Start);
        await using var harness = new TelemetryHarness(time: time);
        var credentials = Create(sts, harness);

        var first = await credentials.GetAsync(harness.Begin(headers: ("x-user", "alice")), Cancelled);
        var again = await credentials.GetAsync(harness.Begin(headers: ("x-user", "alice")), Cancelled);
        await credentials.GetAsync(harness.Begin(headers: ("x-user", "bob")), Cancelled);
        time.Advance(TimeSpan.FromMinutes(59));
        await credentials.GetAsync(harness.Begin(headers: ("x-user", "alice")), Cancelled);

        Assert.Equal(("ASIATEMP", "temp-secret", "temp-token"), (first.AccessKeyId, first.SecretAccessKey, first.SessionToken));
        Assert.Equal(first, again);
        Assert.Equal(3, sts.Seen.Count);
        var asked = sts.Seen[0];
        Assert.Equal(["AssumeRole"], asked.Form["Action"]);
        Assert.Equal(["arn:aws:iam::1:role/x"], asked.Form["RoleArn"]);
        Assert.Equal(["alice"], asked.Form["RoleSessionName"]);
        Assert.Equal(["team", "red"], asked.Form["Tags.member.1.Key"].Concat(asked.Form["Tags.member.1.Value"]));
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIDOWN/20260120/eu-west-1/sts/aws4_request", asked.Header("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_RefusedRole_SaysTheCodeAndNotTheMessage()
    {
        await using var sts = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/secret-name</Message></Error></ErrorResponse>");
        });
        await using var harness = new TelemetryHarness();

        var error = await Assert.ThrowsAsync<BackendAuthException>(async () => await Create(sts, harness).GetAsync(harness.Begin(headers: ("x-user", "alice")), Cancelled));

        Assert.Equal("the role cannot be assumed: status 403, AccessDenied", error.Message);
    }

    [Theory]
    [InlineData("no xml")]
    [InlineData("<a><AccessKeyId>x</AccessKeyId></a>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    public async Task Get_AnswerThatIsNone_Fails(string answer)
    {
        await using var sts = await TestUpstream.StartAsync(context => context.Response.WriteAsync(answer));
        await using var harness = new TelemetryHarness();

        await Assert.ThrowsAsync<BackendAuthException>(async () => await Create(sts, harness).GetAsync(harness.Begin(headers: ("x-user", "alice")), Cancelled));
    }

    private static AssumedRoleCredentials Create(TestUpstream sts, TelemetryHarness harness) => new(
        new AwsAssumeRole
        {
            RoleArn = "arn:aws:iam::1:role/x",
            SessionName = new AwsSessionName(null, new Expression("request.headers['x-user']")),
            Tags = [new AwsSessionTag { Key = "team", Value = "red" }],
        },
        new FixedAwsCredentials(new AwsCredentials("AKIDOWN", "secret", null)),
        "eu-west-1",
        sts.Address.ToString(),
        harness.Services);
}

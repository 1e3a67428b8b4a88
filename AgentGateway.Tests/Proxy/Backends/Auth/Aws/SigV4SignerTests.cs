using AgentGateway.Proxy.Backends.Auth.Aws;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Auth.Aws;

public sealed class SigV4SignerTests
{
    private static readonly AwsCredentials Credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    private static readonly DateTimeOffset Now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    // Requests and signatures that AWS published as its Signature Version 4 test suite, those that fit a request on the wire.
    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("GET", "/?Param1=value1", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb")]
    [InlineData("GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")]
    [InlineData("GET", "/example/..", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "//", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "/./", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "/example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741")]
    [InlineData("GET", "/ሴ", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")]
    public void Sign_PublishedVector_SameSignature(string method, string target, string signature)
    {
        var headers = new HeaderDictionary();

        SigV4Signer.Sign(method, "example.amazonaws.com", target, headers, SigV4Signer.EmptyBodyHash, Credentials, "us-east-1", "service", Now);

        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}",
            headers["Authorization"].ToString());
        Assert.Equal("20150830T123600Z", headers["X-Amz-Date"].ToString());
    }

    [Fact]
    public void Sign_PublishedVectorWithBody_SameSignature()
    {
        var headers = new HeaderDictionary { ["Content-Type"] = "application/x-www-form-urlencoded" };

        SigV4Signer.Sign(
            "POST", "example.amazonaws.com", "/", headers, SigV4Signer.HashOf("Param1=value1"u8), Credentials, "us-east-1", "service", Now);

        Assert.EndsWith("SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", headers["Authorization"].ToString(), StringComparison.Ordinal);
    }

    // The worked example of the AWS user guide.
    [Fact]
    public void Sign_ListUsersExample_SameSignature()
    {
        var headers = new HeaderDictionary { ["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8" };

        SigV4Signer.Sign(
            "GET", "iam.amazonaws.com", "/?Action=ListUsers&Version=2010-05-08", headers, SigV4Signer.EmptyBodyHash, Credentials, "us-east-1", "iam", Now);

        Assert.EndsWith("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", headers["Authorization"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_SessionToken_ReplacesTheClientsAndIsSigned()
    {
        var headers = new HeaderDictionary { ["X-Amz-Security-Token"] = "forged", ["Authorization"] = "Bearer client" };

        SigV4Signer.Sign("GET", "example.amazonaws.com", "/", headers, SigV4Signer.EmptyBodyHash, Credentials with { SessionToken = "session" }, "us-east-1", "service", Now);

        Assert.Equal("session", headers["X-Amz-Security-Token"].ToString());
        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-security-token", headers["Authorization"].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bedrock-runtime.us-east-1.amazonaws.com", "bedrock", "us-east-1")]
    [InlineData("bedrock-runtime.us-gov-west-1.amazonaws.com:443", "bedrock", "us-gov-west-1")]
    [InlineData("sts.amazonaws.com", "sts", null)]
    [InlineData("bucket.s3.eu-central-1.amazonaws.com", "s3", "eu-central-1")]
    [InlineData("lambda.cn-north-1.amazonaws.com.cn", "lambda", "cn-north-1")]
    [InlineData("api.example.com", null, null)]
    public void FromHost_EndpointName_TellsServiceAndRegion(string host, string? service, string? region) =>
        Assert.Equal((service, region), AwsServiceNames.FromHost(host));
}

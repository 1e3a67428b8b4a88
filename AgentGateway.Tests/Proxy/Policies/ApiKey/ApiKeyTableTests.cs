using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Proxy.Policies.ApiKey;
using Xunit;
using ApiKeySettings = AgentGateway.Configuration.Snapshot.Policies.ApiKey;

namespace AgentGateway.Tests.Proxy.Policies.ApiKey;

public sealed class ApiKeyTableTests
{
    private readonly ApiKeyTable _keys = new(
    [
        new ApiKeySettings { Key = new Secret("sk-one"), Metadata = new JsonText("""{"role":"admin"}""") },
        new ApiKeySettings { KeyHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("sk-zwei-ü"u8)), AllowedModels = ["gpt-*"] },
    ]);

    [Fact]
    public void Find_KnownKey_BringsItsMetadata()
    {
        var identity = _keys.Find("sk-one")!;

        Assert.Equal("sk-one", identity.Key);
        Assert.Equal("""{"role":"admin"}""", Encoding.UTF8.GetString(identity.MetadataJson.Span));
        Assert.Same(identity, _keys.Find("sk-one"));
    }

    [Fact]
    public void Find_KeyGivenByHash_IsRecognised()
    {
        var identity = _keys.Find("sk-zwei-ü")!;

        Assert.Equal("sk-zwei-ü", identity.Key);
        Assert.Equal(["gpt-*"], identity.AllowedModels);
        Assert.Equal("<redacted>", identity.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk-on")]
    [InlineData("sk-one ")]
    [InlineData("SK-ONE")]
    public void Find_UnknownKey_IsNull(string key) => Assert.Null(_keys.Find(key));

    [Fact]
    public void Find_KeyOfExcessiveLength_IsNull() => Assert.Null(_keys.Find(new string('x', ApiKeyTable.MaxKeyLength + 1)));
}

using AgentGateway.Proxy.Backends.Auth.Tokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Auth;

public sealed class MayActTests
{
    [Theory]
    [InlineData("""{"sub":"user","may_act":{"sub":"agent"}}""", """{"sub":"agent"}""", true)]
    [InlineData("""{"sub":"user","may_act":{"sub":"agent","iss":"i"}}""", """{"sub":"agent","iss":"i","aud":"x"}""", true)]
    [InlineData("""{"sub":"user","may_act":{"sub":"agent","iss":"i"}}""", """{"sub":"agent","iss":"other"}""", false)]
    [InlineData("""{"sub":"user","may_act":{"sub":"agent"}}""", """{"sub":"other"}""", false)]
    [InlineData("""{"sub":"user","may_act":{}}""", """{"sub":"agent"}""", false)]
    [InlineData("""{"sub":"user","may_act":"agent"}""", """{"sub":"agent"}""", false)]
    [InlineData("""{"sub":"user"}""", """{"sub":"agent"}""", false)]
    [InlineData("no json", """{"sub":"agent"}""", false)]
    public void Allows_Claim_NamesTheActor(string subject, string actor, bool expected) => Assert.Equal(expected, MayAct.Allows(Token(subject), Token(actor)));

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.!.c")]
    public void Allows_TokenThatIsNoJwt_IsFalse(string token) => Assert.False(MayAct.Allows(token, token));

    private static string Token(string payload) => $"e30.{Base64UrlEncoder.Encode(payload)}.s";
}

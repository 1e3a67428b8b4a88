using System.Text;
using AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.BasicAuth.Htpasswd;

public sealed class HtpasswdFileTests
{
    // Made with `openssl passwd` and libcrypt.
    [Theory]
    [InlineData("$apr1$abcdefgh$ckT15POyCRlen.h6XtGAZ1")]
    [InlineData("$1$abc$9dV135Rc3U8Xbm2DxadgF0")]
    [InlineData("$5$saltsalt$OIdfjX.u4Y3SJ4I2bX8w5BMf1VAUhHABNUirScDzZi3")]
    [InlineData("$5$rounds=2000$qwerty$fBycNeP5XRwws8OBrmY.EUj3QWnAZ30mjKmzzcHHCY6")]
    [InlineData("$6$rounds=1400$anotherlongsalts$BSfHT/edpI8onOAkOczVvSheRSAUDmhNWTFYNeb1mzPKsHGbhBZglmaUJUtPZncC4BNNYP4AjXmKR/ArAcOiv.")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm")]
    [InlineData("$2y$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm")]
    [InlineData("{SHA}87u9ZqY9S/F0eUBXjsPQEDUw4h0=")]
    [InlineData("hunter2")]
    public void Find_EachFormat_MatchesOnlyThePassword(string hash)
    {
        var stored = HtpasswdFile.Parse($"# users\n\nbob:x1\nalice:{hash}\n").Find("alice")!;

        Assert.True(stored.Matches("hunter2"u8));
        Assert.False(stored.Matches("hunter3"u8));
        Assert.False(stored.Matches(""u8));
        Assert.False(stored.Matches(Encoding.UTF8.GetBytes(hash + "x")));
    }

    [Fact]
    public void Find_LongPassword_Sha512CryptRepeatsBlocks()
    {
        var stored = HtpasswdFile.Parse("a:$6$saltstringsaltst$Orc4Fim8nTdh2gyhZ6qpv95X2czlF.qCF2SPdguzvNLZiMYWWPg9duFP4RnEew.FnjUVY54MKst9WinldO8Va/").Find("a")!;

        Assert.True(stored.Matches("a longer password, of more than sixty-four bytes, so that blocks repeat properly"u8));
    }

    [Fact]
    public void Find_UserTwice_FirstLineCounts()
    {
        var users = HtpasswdFile.Parse("a:one\r\na:two\r\n");

        Assert.True(users.Find("a")!.Matches("one"u8));
        Assert.Null(users.Find("b"));
    }

    [Theory]
    [InlineData("nocolon", "htpasswd line 1: a line is `user:hash`")]
    [InlineData("a:", "htpasswd line 1: the hash is missing")]
    [InlineData("\na:rqXexS6ZhobKA", "htpasswd line 2: 13 characters of the crypt alphabet look like a DES crypt hash")]
    [InlineData("a:$argon2id$v=19$x", "htpasswd line 1: the hash format is not known")]
    [InlineData("a:$2y$31$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm", "htpasswd line 1: a bcrypt hash has 60 characters and a cost from 4 to 16")]
    [InlineData("a:$6$rounds=999999999$salt$x", "htpasswd line 1: rounds are a number up to 1000000")]
    [InlineData("a:{SHA}xyz", "htpasswd line 1: what follows {SHA}")]
    public void Parse_UnusableLine_NamesLineAndNotTheHash(string text, string message)
    {
        var error = Assert.Throws<FormatException>(() => HtpasswdFile.Parse(text));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rqXexS6ZhobKA", error.Message, StringComparison.Ordinal);
    }
}

using AgentGateway.McpFetch.Hosting;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Hosting;

public sealed class CommandLineTests
{
    private static CommandLine Parse(params string[] args)
    {
        Assert.True(CommandLine.TryParse(args, out var commandLine, out var error), error);
        return commandLine;
    }

    [Fact]
    public void TryParse_Nothing_Defaults() => Assert.Equal(new CommandLine(), Parse());

    [Theory]
    [InlineData("--allow-private-addresses", true)]
    [InlineData("--allow-private-addresses=true", true)]
    [InlineData("--allow-private-addresses=false", false)]
    public void TryParse_AllowPrivateAddresses_Read(string arg, bool expected) => Assert.Equal(expected, Parse(arg).AllowPrivateAddresses);

    [Fact]
    public void TryParse_Urls_BothForms()
    {
        Assert.Equal("http://x:1", Parse("--urls", "http://x:1").Urls);
        Assert.Equal("http://x:1", Parse("--urls=http://x:1").Urls);
    }

    [Fact]
    public void TryParse_SeveralOptions_Read() =>
        Assert.Equal(new CommandLine { Stdio = true, AllowPrivateAddresses = true }, Parse("--stdio", "--allow-private-addresses"));

    [Theory]
    [InlineData("--studio")]
    [InlineData("--stdio=yes")]
    [InlineData("--urls")]
    [InlineData("--allow-private-addresses=maybe")]
    [InlineData("stdio")]
    public void TryParse_NotUnderstood_NamesTheOption(string arg)
    {
        Assert.False(CommandLine.TryParse([arg], out _, out var error));
        Assert.Equal($"Option '{arg}' is not understood; see --help.", error);
    }

    [Fact]
    public void TryParse_StdioAndUrls_ExcludeEachOther() => Assert.False(CommandLine.TryParse(["--stdio", "--urls=http://x"], out _, out _));
}

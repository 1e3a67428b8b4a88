using System.Text;
using AgentGateway.McpFetch.Fetching;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Fetching;

public sealed class TextPageTests
{
    private static readonly Gen<string> Texts =
        Gen.OneOf(Gen.String, Gen.Int[0, 40].Select(static n => new StringBuilder().Insert(0, "\U0001F600", n).ToString()));

    [Theory]
    [InlineData("hello", 0, 5, "hello", null)]
    [InlineData("hello", 0, 3, "hel", 3)]
    [InlineData("hello", 3, 100, "lo", null)]
    [InlineData("", 0, 5, "", null)]
    [InlineData("a\U0001F600b", 0, 2, "a", 1)]
    [InlineData("a\U0001F600b", 1, 1, "\U0001F600", 3)]
    [InlineData("a\U0001F600b", 2, 5, "\U0001F600b", null)]
    public void Cut_Window_GivesTextAndNextStart(string text, int start, int length, string expected, int? next) =>
        Assert.Equal(new TextPage(expected, next), TextPage.Cut(text, start, length));

    [Theory]
    [InlineData("hello", 5)]
    [InlineData("hello", int.MaxValue)]
    [InlineData("", 1)]
    public void Cut_StartBeyondTheEnd_Null(string text, int start) => Assert.Null(TextPage.Cut(text, start, 10));

    [Fact]
    public void Cut_LargestLength_DoesNotOverflow() => Assert.Equal(new TextPage("lo", null), TextPage.Cut("hello", 3, int.MaxValue));

    [Fact]
    public void Cut_FollowingNextStart_GivesBackTheWholeText() =>
        Gen.Select(Texts, Gen.Int[1, 7]).Sample((text, length) =>
        {
            var whole = new StringBuilder();
            int? start = text.Length == 0 ? null : 0;
            while (start is { } at)
            {
                var part = TextPage.Cut(text, at, length)!.Value;
                Assert.InRange(part.Text.Length, 1, length + 1);
                whole.Append(part.Text);
                start = part.NextStart;
            }

            Assert.Equal(text, whole.ToString());
        });
}

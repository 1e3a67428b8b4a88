using System.Text;
using AgentGateway.Proxy.Mcp.Streaming;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Streaming;

public sealed class LineReaderTests
{
    [Fact]
    public void Read_AnyTextCutAnywhere_SameLinesAsWhole() => Gen.Select(Gen.Char["ab\r\nü"].Array[0, 300], Gen.Int[1, 7].Array[1, 50]).Sample(
        static (chars, cuts) =>
        {
            var text = new string(chars);
            var expected = text.Split('\n').Select(static line => line.EndsWith('\r') ? line[..^1] : line).ToList();
            if (expected[^1].Length == 0)
            {
                // Nothing behind the last line feed is no line.
                expected.RemoveAt(expected.Count - 1);
            }

            Assert.Equal(expected, Read(text, cuts, 1024).Select(static line => line.Text));
        },
        iter: 3000);

    [Fact]
    public void Read_LinesOverTheBound_AreCutOnceAndTheNextIsWhole() => Gen.Select(Gen.Int[1, 30_000].Array[1, 5], Gen.Int[1, 5000].Array[1, 5]).Sample(
        static (sizes, cuts) =>
        {
            var text = string.Concat(sizes.Select(static (size, i) => $"{new string((char)('a' + i), size)}\n"));
            var lines = Read(text, cuts, 8192);
            Assert.Equal(sizes.Length, lines.Count);
            for (var i = 0; i < sizes.Length; i++)
            {
                Assert.Equal(lines[i].IsCut ? lines[i].Text.Length : sizes[i], lines[i].Text.Length);
                Assert.True(lines[i].IsCut ? sizes[i] >= 8192 : sizes[i] < 32_768);
                Assert.All(lines[i].Text, character => Assert.Equal((char)('a' + i), character));
            }
        },
        iter: 200);

    private static List<(string Text, bool IsCut)> Read(string text, int[] cuts, int bound)
    {
        using var reader = new LineReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), cuts), bound);
        var lines = new List<(string, bool)>();
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        {
            lines.Add((Encoding.UTF8.GetString(reader.Line.Span), reader.IsCut));
        }

        return lines;
    }
}

using System.Text;
using AgentGateway.Proxy.Mcp.Streaming;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Streaming;

public sealed class SseReaderTests
{
    // Everything the format knows: comments, fields with and without space, several data lines, all line ends, unknown fields, empty events.
    private static readonly Gen<string> Line = Pick(
        "data: one", "data:two", "data:  three ü😀", "data", "data:", "data: {\"a\":1}", ": comment", ":", "event: message", "event: other", "id: 7", "retry: 10", "retry: x", "unknown: 1", "nofield", "");

    private static readonly Gen<(string Text, int[] Cuts)> Streams = Gen.Select(
        Gen.Select(Line, Pick("\n", "\r\n", "\r")).List[0, 30],
        Gen.Int[1, 9].Array[1, 200],
        Gen.Bool,
        static (lines, cuts, mark) => ((mark ? "\uFEFF" : "") + string.Concat(lines.Select(static line => line.Item1 + line.Item2)), cuts));

    [Fact]
    public void Read_AnyStreamCutAnywhere_SameEventsAsWhole() => Streams.Sample(
        stream =>
        {
            var bytes = Encoding.UTF8.GetBytes(stream.Text);
            Assert.Equal(Expected(stream.Text), Read(new ChunkedStream(bytes, stream.Cuts)));
        },
        iter: 3000);

    [Fact]
    public void Read_EventsOfAnySize_ComeWholeThroughTheGrowingBuffer() => Gen.Int[0, 40_000].Array[1, 6].Sample(
        sizes =>
        {
            var text = string.Concat(sizes.Select(static (size, i) => $": c{new string('-', size / 3)}\ndata: {i}{new string('x', size)}\ndata: y\n\n"));
            var events = Read(new ChunkedStream(Encoding.UTF8.GetBytes(text), [1000, 1, 4096]));
            Assert.Equal(sizes.Select(static (size, i) => $"|{i}{new string('x', size)}\ny"), events);
        },
        iter: 100);

    [Fact]
    public async Task Read_EventOverTheBound_Throws()
    {
        using var reader = new SseReader(new ChunkedStream(Encoding.UTF8.GetBytes("data: " + new string('x', 20_000)), [4096]), 10_000);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_EndlessComments_TakeNoMemory()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(": keep-alive\n\n", 10_000)) + "data: x\n\n");
        using var reader = new SseReader(new ChunkedStream(text, [100]), 4096);

        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("x", Encoding.UTF8.GetString(reader.Data.Span));
    }

    private static List<string> Read(Stream stream)
    {
        using var reader = new SseReader(stream, 1024 * 1024);
        var events = new List<string>();
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        {
            events.Add($"{reader.EventType}|{Encoding.UTF8.GetString(reader.Data.Span)}");
        }

        return events;
    }

    // The format by its definition: whole text, split into lines, one pass.
    private static List<string> Expected(string text)
    {
        var events = new List<string>();
        var data = new List<string>();
        string? type = null;
        foreach (var line in text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n'))
        {
            if (line.Length == 0)
            {
                if (data.Count > 0)
                {
                    events.Add($"{type}|{string.Join('\n', data)}");
                }

                data.Clear();
                type = null;
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (name)
            {
                case "data":
                    data.Add(value);
                    break;
                case "event":
                    type = value;
                    break;
            }
        }

        if (data.Count > 0)
        {
            events.Add($"{type}|{string.Join('\n', data)}");
        }

        return events;
    }

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}

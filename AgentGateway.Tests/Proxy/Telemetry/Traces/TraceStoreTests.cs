using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Traces;
using AgentGateway.Proxy.Telemetry.Tracing;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Traces;

public sealed class TraceStoreTests
{
    [Fact]
    public void Read_MoreRequestsThanTheBound_KeepsTheNewest()
    {
        var store = new TraceStore(maxRequests: 3, maxBytes: 4096);
        for (ulong i = 1; i <= 5; i++)
        {
            store.Add(new TraceId(0, i), "s", Span(i, "n" + i));
        }

        Assert.Equal(["n5", "n4", "n3"], store.Read(10).Select(trace => trace.Roots[0].Name));
        Assert.Equal(["n5"], store.Read(1).Select(trace => trace.Roots[0].Name));
    }

    [Fact]
    public void Read_ByteBound_NeverReturnsAnOverwrittenEntry() =>
        Gen.Int[0, 200].Array[1, 60].Sample(sizes =>
        {
            var store = new TraceStore(maxRequests: 1000, maxBytes: 1024);
            for (var i = 0; i < sizes.Length; i++)
            {
                store.Add(new TraceId(0, (ulong)i + 1), "s", Span((ulong)i + 1, $"{i}:" + new string('x', sizes[i])));
            }

            var traces = store.Read(1000);
            var first = sizes.Length - traces.Count;
            for (var i = 0; i < traces.Count; i++)
            {
                var index = sizes.Length - 1 - i;
                if (index < first || traces[i].Roots.Single().Name != $"{index}:" + new string('x', sizes[index]))
                {
                    return false;
                }
            }

            return traces.Count > 0;
        });

    [Fact]
    public void Add_RequestLargerThanAQuarter_IsSkipped()
    {
        var store = new TraceStore(maxRequests: 10, maxBytes: 1024);
        store.Add(new TraceId(0, 1), "s", Span(1, "kept"));
        store.Add(new TraceId(0, 2), "s", Span(2, new string('x', 300)));

        Assert.Equal("kept", Assert.Single(store.Read(10)).Roots[0].Name);
        Assert.Equal(1, store.Skipped);
    }

    [Fact]
    public void Read_TwoRequestsOfOneTrace_JoinsThemInATree()
    {
        var store = new TraceStore();
        store.Add(new TraceId(0, 1), "s", Span(2, "inner", parent: 1));
        store.Add(new TraceId(0, 9), "s", Span(9, "between"));
        store.Add(new TraceId(0, 1), "s", Span(1, "outer", parent: 77));

        var traces = store.Read(10);

        Assert.Equal(2, traces.Count);
        var root = Assert.Single(traces[0].Roots);
        Assert.Equal("outer", root.Name);
        Assert.Equal("inner", Assert.Single(root.Children).Name);
    }

    [Fact]
    public void Read_Filters_ChooseTraceAndService()
    {
        var store = new TraceStore();
        store.Add(new TraceId(0, 1), "a", Span(1, "one"));
        store.Add(new TraceId(0, 2), "b", Span(2, "two"));

        Assert.Equal("one", Assert.Single(store.Read(10, new TraceId(0, 1))).Roots[0].Name);
        Assert.Equal("two", Assert.Single(store.Read(10, null, "b")).Roots[0].Name);
        Assert.Empty(store.Read(10, null, "c"));
    }

    private static byte[] Span(ulong id, string name, ulong parent = 0)
    {
        using var buffer = new ByteBuffer();
        var span = buffer.BeginMessage(SpanWriter.SpansField);
        Span<byte> bytes = stackalloc byte[16];
        new TraceId(0, 1).Write(bytes);
        buffer.AppendBytesField(1, bytes);
        new SpanId(id).Write(bytes);
        buffer.AppendBytesField(2, bytes[..8]);
        if (parent != 0)
        {
            new SpanId(parent).Write(bytes);
            buffer.AppendBytesField(4, bytes[..8]);
        }

        buffer.AppendStringField(5, name);
        buffer.EndMessage(span);
        return buffer.WrittenSpan.ToArray();
    }
}

using AgentGateway.Proxy.Telemetry;
using AgentGateway.Tests.Telemetry.Otlp.Wire;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry;

public sealed class ByteBufferTests
{
    [Fact]
    public void EndMessage_AnyLengths_MakesTheBytesOfTheProtobufRuntime() =>
        Gen.Select(Gen.String[0, 300], Gen.String[0, 40_000], Gen.Long, Gen.Double).Sample((name, message, number, real) =>
        {
            // The runtime refuses lone surrogates; ours writes the replacement character.
            name = Clean(name);
            message = Clean(message);
            var expected = new Span { Name = name, Status = new Status { Message = message, Code = 2 } };
            expected.Attributes.Add(new KeyValue { Key = name, Value = new AnyValue { IntValue = number } });
            expected.Attributes.Add(new KeyValue { Key = "d", Value = new AnyValue { DoubleValue = real } });

            using var buffer = new ByteBuffer(16);
            var span = buffer.BeginMessage(2);
            buffer.AppendStringField(5, name);
            var pair = buffer.BeginMessage(9);
            buffer.AppendStringField(1, name);
            AgentGateway.Proxy.Telemetry.Tracing.OtlpValue.Write(buffer, 2, number);
            buffer.EndMessage(pair);
            pair = buffer.BeginMessage(9);
            buffer.AppendStringField(1, "d");
            AgentGateway.Proxy.Telemetry.Tracing.OtlpValue.Write(buffer, 2, real);
            buffer.EndMessage(pair);
            var status = buffer.BeginMessage(15);
            buffer.AppendStringField(2, message);
            buffer.AppendVarintField(3, 2);
            buffer.EndMessage(status);
            buffer.EndMessage(span);

            var scope = ScopeSpans.Parser.ParseFrom(buffer.WrittenSpan.ToArray());
            return Assert.Single(scope.Spans).Equals(expected);
        }, iter: 300);

    [Fact]
    public void AppendUtf8_LoneSurrogate_BecomesTheReplacementCharacter()
    {
        using var buffer = new ByteBuffer();
        buffer.AppendUtf8("a\ud800b");

        Assert.Equal("a\ufffdb", System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static string Clean(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}

using AgentGateway.Proxy.Telemetry.Tracing;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Tracing;

public sealed class TraceContextTests
{
    private const string Valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void TryParse_ValidHeader_ReadsEveryPart()
    {
        Assert.True(TraceContext.TryParse(Valid, out var context));

        Assert.Equal(0, context.Version);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", context.TraceId.ToString());
        Assert.Equal("b7ad6b7169203331", context.SpanId.ToString());
        Assert.True(context.IsSampled);
        Assert.Equal(Valid, context.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01")]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01")]
    [InlineData("0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public void TryParse_Malformed_Refuses(string header)
    {
        Assert.False(TraceContext.TryParse(header, out var context));
        Assert.True(context.IsEmpty);
    }

    [Fact]
    public void TryParse_UpperCase_PrintsLowerCase()
    {
        Assert.True(TraceContext.TryParse(Valid.ToUpperInvariant(), out var context));
        Assert.Equal(Valid, context.ToString());
    }

    [Fact]
    public void ToString_AnyContext_ParsesBackToItself() =>
        Gen.Select(Gen.Byte[0, 254], Gen.ULong, Gen.ULong, Gen.ULong, Gen.Byte)
            .Where(parts => (parts.Item2 | parts.Item3) != 0 && parts.Item4 != 0)
            .Sample(parts =>
            {
                var context = new TraceContext(parts.Item1, new TraceId(parts.Item2, parts.Item3), new SpanId(parts.Item4), parts.Item5);
                return TraceContext.TryParse(context.ToString(), out var parsed) && parsed == context;
            });

    [Fact]
    public void TryParse_AnyText_AcceptsOnlyWhatItCanRepeat() =>
        Gen.String[Gen.OneOf(Gen.Char["0123456789abcdef-"], Gen.Char), 50, 60]
            .Sample(text => !TraceContext.TryParse(text, out var context) || string.Equals(context.ToString(), text, StringComparison.OrdinalIgnoreCase));
}

using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Attributes;
using AgentGateway.Proxy.Telemetry.Logging;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Logging;

public sealed class AccessLogTests
{
    [Fact]
    public async Task Complete_Request_WritesOneTextLine()
    {
        var lines = await RequestAsync(new StaticSettings(), static record =>
        {
            record.Error = "route \"x\" not found";
            record.Reason = ResponseReason.NotFound;
        });

        Assert.Equal(
            "2026-01-20T16:28:30.012000Z\tinfo\trequest gateway=default/default listener=listener0 route=default/route0 src.addr=127.0.0.1:4711 "
            + "http.method=GET http.host=gateway.test http.path=/a?b=c http.version=HTTP/1.1 http.status=200 protocol=http "
            + "error=\"route \\\"x\\\" not found\" reason=NotFound duration=12ms\n",
            lines);
    }

    [Fact]
    public async Task Complete_JsonFormat_WritesTypedMembersInOrder()
    {
        var lines = await RequestAsync(new StaticSettings { LogJson = true }, static record => record.McpMethod = "ping");

        Assert.EndsWith("}\n", lines, StringComparison.Ordinal);
        var line = JsonDocument.Parse(lines).RootElement;
        Assert.Equal(
            ["level", "time", "scope", "gateway", "listener", "route", "src.addr", "http.method", "http.host", "http.path", "http.version", "http.status", "protocol", "mcp.method.name", "duration"],
            line.EnumerateObject().Select(member => member.Name));
        Assert.Equal("request", line.GetProperty("scope").GetString());
        Assert.Equal(JsonValueKind.Number, line.GetProperty("http.status").ValueKind);
        Assert.Equal("12ms", line.GetProperty("duration").GetString());
    }

    [Theory]
    [InlineData("error", "")]
    [InlineData("info,request=off", "")]
    [InlineData("error,request=info", "request")]
    public async Task Complete_Level_DecidesOverTheLine(string level, string expected)
    {
        var lines = await RequestAsync(new StaticSettings { LogLevel = level });

        Assert.Equal(expected.Length > 0, lines.Contains("request", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Complete_DebugLevel_NumbersConnectionAndRequest()
    {
        var lines = await RequestAsync(new StaticSettings { LogLevel = "info,request=debug" });

        Assert.Matches("request connection.id=[0-9]+ request.id=1 gateway=", lines);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a\nrequest forged=1", "\"a\\nrequest forged=1\"")]
    [InlineData("say \"x\"", "\"say \\\"x\\\"\"")]
    [InlineData("\u001b[31m", "\"\\u001b[31m\"")]
    [InlineData("back\\slash", "back\\slash")]
    [InlineData("größe", "größe")]
    public void AppendText_ValueOfAClient_CannotForgeAnotherField(string value, string expected)
    {
        using var buffer = new ByteBuffer();
        LogText.AppendText(buffer, value, quoted: false);

        Assert.Equal(expected, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e-7, "0.0000001")]
    [InlineData(-3, "-3")]
    public void AppendJson_Double_HasNoExponent(double value, string expected)
    {
        using var buffer = new ByteBuffer();
        LogText.AppendJson(buffer, value);

        Assert.Equal(expected, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void AppendJson_AnyString_IsValidJson() => CsCheck.Check.Sample(CsCheck.Gen.String, text =>
    {
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        using var buffer = new ByteBuffer();
        LogText.AppendJson(buffer, text);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement.GetString() == text;
    });

    [Fact]
    public void AppendTime_Microseconds_ArePadded()
    {
        using var buffer = new ByteBuffer();
        LogText.AppendTime(buffer, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(59));

        Assert.Equal("2026-01-02T03:04:05.000005Z", Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void Replace_SameName_KeepsOneValue()
    {
        var list = new AttributeList(1);
        list.Add(AttributeKeys.Gateway, "a");
        list.Add(AttributeKeys.Route, "r");
        list.Replace(new AttributeKey("gateway"), "b");
        list.Remove("route");

        var item = Assert.Single(list.Items.ToArray());
        Assert.Equal("b", item.Value.ToString());
    }

    private static async Task<string> RequestAsync(StaticSettings settings, Action<RequestRecord>? change = null)
    {
        using var stream = new MemoryStream();
        using (var output = new LogOutput(stream))
        {
            await using var harness = new TelemetryHarness(connections: new TelemetryConnections { AccessLog = output }, settings: settings);
            var context = harness.Begin(target: "/a?b=c");
            harness.Time.Advance(TimeSpan.FromMilliseconds(12));
            change?.Invoke(context.Record);
            harness.Complete(context);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

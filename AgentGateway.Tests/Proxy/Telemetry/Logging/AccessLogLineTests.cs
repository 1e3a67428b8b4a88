using System.Text;
using System.Text.Json;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Logging;

/// <summary>Lines of the access log as configurations shape them (telemetry 2.1), for requests of real connections.</summary>
public sealed class AccessLogLineTests
{
    private const string Add = """
                q: request.headers["x-q"]
                n: 1 + 2
                f: 0.5 + 0.25
                big: '1e21'
                small: '1e-9'
                yes: 'true'
                list: '[1, "a b", {"k": request.headers["x-q"]}]'
                nothing: 'null'
                failing: request.headers["none"]
                http.method: request.method + "!"
                http.status: request.headers["none"]
                flat: 'flatten({"a": {"b": 1}, "c": "d"})'
                deep: 'flattenRecursive({"a": {"b": 1}, "c": [true]})'
                body: flatten(json(request.body))
        """;

    [Fact]
    public async Task Text_Fields_StandInOrderAndInTheirForms()
    {
        var line = await LineAsync($"add:\n{Add}\n    remove: [http.version, unknown]", "POST /p?a=b HTTP/1.1\r\nHost: a.test:81\r\nX-Q: say \"x\"\r\nContent-Length: 9\r\n\r\n{\"k\": \"v\"");

        // The body is no JSON: the field is left out, and nothing else.
        Assert.Matches(
            "^[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}Z\tinfo\trequest gateway=default/default listener=l route=default/r endpoint=127\\.0\\.0\\.1:[0-9]+ src\\.addr=127\\.0\\.0\\.1:[0-9]+ "
            + "http\\.host=a\\.test http\\.path=/p\\?a=b http\\.status=200 protocol=http duration=[0-9]+ms q=\"say \\\\\"x\\\\\"\" n=3 f=0\\.75 big=1000000000000000000000 small=0\\.000000001 yes=true "
            + "list=\\[1,\"a b\",\\{\"k\":\"say \\\\\"x\\\\\"\"\\}\\] http\\.method=\"POST!\" flat\\.a=\\{\"b\":1\\} flat\\.c=\"d\" deep\\.a\\.b=1 deep\\.c\\.0=true\n$",
            line);
    }

    [Fact]
    public async Task Json_Members_StandInTheSameOrder()
    {
        var line = await LineAsync(
            $"add:\n{Add}\n    remove: [http.version]", "POST /p HTTP/1.1\r\nHost: a.test\r\nX-Q: plain\r\nContent-Length: 21\r\n\r\n{\"k\": \"\\u001b[31m\\n\"}", "config: {logging: {format: json} }\n");

        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(
            ["level", "time", "scope", "gateway", "listener", "route", "endpoint", "src.addr", "http.host", "http.path", "http.status", "protocol", "duration", "q", "n", "f", "big", "small", "yes", "list", "http.method", "flat.a", "flat.c", "deep.a.b", "deep.c.0", "body.k"],
            json.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("1000000000000000000000", json.GetProperty("big").GetRawText());
        Assert.Equal("0.000000001", json.GetProperty("small").GetRawText());
        Assert.Equal("\u001b[31m\n", json.GetProperty("body.k").GetString());
        Assert.Equal(JsonValueKind.True, json.GetProperty("yes").ValueKind);
        Assert.DoesNotContain('\u001b', line);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"a\\nrequest forged\": 1}", " \"body.a\\nrequest forged\"=1\n")]
    [InlineData("{\"a b=c\": \"d\"}", " \"body.a b=c\"=\"d\"\n")]
    [InlineData("{\"\\u001b[2J\": [1]}", " \"body.\\u001b[2J\"=[1]\n")]
    [InlineData("{\"k\": [\"\\u009b2J\\u2028\"]}", " body.k=[\"\\u009B2J\\u2028\"]\n")]
    [InlineData("{\"k\": \"x\\nrequest forged=1\"}", " body.k=\"x\\nrequest forged=1\"\n")]
    public async Task Text_NamesAndValuesOfAClient_CannotForgeAField(string body, string end)
    {
        var line = await LineAsync("add: {body: flatten(json(request.body))}", $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.EndsWith(end, line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("request.path == \"/kept\"", "/kept", true)]
    [InlineData("request.path == \"/kept\"", "/other", false)]
    [InlineData("response.code == 200", "/kept", true)]
    [InlineData("response.code >= 500", "/kept", false)]
    [InlineData("request.headers[\"none\"] == \"x\"", "/kept", false)]
    [InlineData("1", "/kept", false)]
    public async Task Filter_NotTrue_DropsTheLine(string filter, string path, bool kept) =>
        Assert.Equal(kept, (await LineAsync($"filter: '{filter}'", $"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")).Length > 0);

    private static async Task<string> LineAsync(string accessLog, string request, string config = "")
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            await peer.ReadToEndAsync();
        });
        var port = ConfiguredGateway.FreePorts(1)[0];
        using var lines = new MemoryStream();
        using (var output = new LogOutput(lines))
        {
            await using var gateway = await ConfiguredGateway.StartAsync(
                $"{config}frontendPolicies:\n  accessLog:\n    {accessLog}\nbinds: [{{port: {port}, listeners: [{{name: l, routes: [{{name: r, backends: [{{host: '127.0.0.1:{upstream.Port}'}}]}}]}}]}}]\n",
                telemetry: new TelemetryConnections { AccessLog = output });
            using var peer = await RawPeer.ConnectAsync(port);
            await peer.SendAsync(request);
            Assert.Equal("ok", (await peer.ReadResponseAsync()).Body);
        }

        return Encoding.UTF8.GetString(lines.ToArray());
    }
}

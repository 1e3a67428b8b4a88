using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGateway.Proxy.Mcp.Messages;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Messages;

public sealed class JsonRpcMessageTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char["aZ\"\\/\n\t üж_+"], 0, 8], Pick("", "😀", "id", "method", "_meta"));

    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf<JsonNode?>(
        Text.Select(static text => (JsonNode?)JsonValue.Create(text)),
        Gen.Int.Select(static number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(static flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Const((JsonNode?)null));

    // Requests in every order of members, with members that nobody knows, pretty or not.
    private static readonly Gen<(string Json, JsonObject Tree)> Requests = Gen.Select(
        Text, Text, Leaf, Leaf, Gen.Shuffle(new[] { "jsonrpc", "id", "method", "params", "extra" }), Gen.Shuffle(new[] { "name", "arguments", "_meta", "other" }), Gen.Bool,
        static (id, name, argument, extra, order, inner, pretty) =>
        {
            var parameters = new JsonObject();
            foreach (var member in inner)
            {
                parameters[member] = member switch
                {
                    "name" => name,
                    "arguments" => new JsonObject { ["a"] = argument?.DeepClone(), ["id"] = 5 },
                    "_meta" => new JsonObject { ["progressToken"] = id, ["method"] = "no" },
                    _ => new JsonArray(extra?.DeepClone(), 1),
                };
            }

            var tree = new JsonObject();
            foreach (var member in order)
            {
                tree[member] = member switch
                {
                    "jsonrpc" => "2.0",
                    "id" => id,
                    "method" => "tools/call",
                    "params" => parameters,
                    _ => extra?.DeepClone(),
                };
            }

            return (tree.ToJsonString(new JsonSerializerOptions { WriteIndented = pretty }), tree);
        });

    [Fact]
    public void TryParse_AnyRequest_FindsWhatATreeParserFinds() => Requests.Sample(
        static request =>
        {
            var message = Parse(request.Json);
            Assert.Equal(JsonRpcKind.Request, message.Kind);
            Assert.Equal("tools/call", message.Method);
            Assert.Equal("\"" + (string?)request.Tree["id"], message.IdKey());
            Assert.Equal((string?)request.Tree["params"]!["name"], message.Name);
            AssertSame(request.Tree["params"]!["arguments"], message.Arguments.Of(message.Json));
            AssertSame(request.Tree["params"], message.Params.Of(message.Json));
            AssertSame(request.Tree["params"]!["_meta"], message.Meta.Of(message.Json));
            Assert.Equal(message.IdKey(), message.KeyOf(message.MetaProgressToken));
        },
        iter: 2000);

    [Fact]
    public void TryParse_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 60].Sample(
        static bytes =>
        {
            var message = new JsonRpcMessage();
            Assert.Equal(message.TryParse(bytes, out _), message.Kind != JsonRpcKind.Unknown);
        },
        iter: 5000);

    [Fact]
    public void TryParse_AnyRequestCutOff_IsRefused() => Gen.Select(Requests, Gen.Double[0, 1]).Sample(
        static (request, part) =>
        {
            var bytes = Encoding.UTF8.GetBytes(request.Json);
            Assert.False(new JsonRpcMessage().TryParse(bytes.AsMemory(0, (int)(part * (bytes.Length - 1))), out var reason));
            Assert.NotEmpty(reason);
        },
        iter: 1000);

    [Fact]
    public void AddTrace_AnyRequest_AddsMembersAndLeavesTheRest() => Requests.Sample(
        static request =>
        {
            var edited = Edited(request.Json, new UpstreamTrace("00-a-b-01", "v=\"1\"", null, IsOwn: true));
            request.Tree["params"]!["_meta"]!["traceparent"] = "00-a-b-01";
            request.Tree["params"]!["_meta"]!["tracestate"] = "v=\"1\"";
            AssertSame(request.Tree, edited);
        },
        iter: 1000);

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"traceparent":"T"}}}""")]
    [InlineData("""{ "jsonrpc":"2.0","id":1,"method":"ping", "params" : { } }""", """{ "jsonrpc":"2.0","id":1,"method":"ping", "params" : {"_meta":{"traceparent":"T"} } }""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1.0}}""", """{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"traceparent":"T"},"a":1.0}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{}}}""", """{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"traceparent":"T"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"traceparent":"old","x":1}}}""", """{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"traceparent":"T","x":1}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":[1]}""", """{"jsonrpc":"2.0","id":1,"method":"m","params":[1]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":null}}""", """{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":null}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", """{"jsonrpc":"2.0","id":1,"result":{}}""")]
    public void AddTrace_EachForm_OtherBytesStay(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Edited(json, new UpstreamTrace("T", null, null, IsOwn: true)).Span));

    [Fact]
    public void AddTrace_NotSampled_TheClientsOwnStands()
    {
        const string Json = """{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"traceparent":"old"}}}""";

        Assert.Equal(Json, Encoding.UTF8.GetString(Edited(Json, new UpstreamTrace("T", null, null, IsOwn: false)).Span));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":3}}""", "Notification")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":null}""", "Response")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}""", "Error")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","method":"x/y","unknown":{}}""", "Request")]
    public void TryParse_EachKind_IsTold(string json, string kind) => Assert.Equal(kind, Parse(json).Kind.ToString());

    [Fact]
    public void TryParse_Error_CodeAndMessageAreRead()
    {
        var message = Parse("""{"jsonrpc":"2.0","id":9,"error":{"data":{"code":1},"message":"b\u0061d","code":-32001}}""");

        Assert.Equal((-32001, "bad"), (message.ErrorCode, message.ErrorMessage));
        Assert.StartsWith("{\"data\"", Encoding.UTF8.GetString(message.Error.Of(message.Json.Span)), StringComparison.Ordinal);
    }

    private static ReadOnlyMemory<byte> Edited(string json, UpstreamTrace trace)
    {
        var message = Parse(json);
        var edits = new JsonEdits();
        TraceMeta.Add(edits, message, trace);
        return edits.Apply(message.Json.Span);
    }

    private static JsonRpcMessage Parse(string json)
    {
        var message = new JsonRpcMessage();
        Assert.True(message.TryParse(Encoding.UTF8.GetBytes(json), out var reason), reason);
        return message;
    }

    private static void AssertSame(JsonNode? expected, ReadOnlyMemory<byte> actual) =>
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(actual.Span)), Encoding.UTF8.GetString(actual.Span));

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}

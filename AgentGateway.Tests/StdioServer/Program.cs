using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentGateway.Tests.StdioServer;

/// <summary>
/// A small MCP server on standard input and output for tests of the gateway: well behaved where asked, and badly where asked. Written without an
/// SDK, so that it can break every rule.
/// </summary>
internal static class Program
{
    private static readonly Stream Output = Console.OpenStandardOutput();
    private static readonly Lock OutputLock = new();
    private static readonly Dictionary<string, TaskCompletionSource<JsonNode>> Asked = [];
    private static int _nextId;

    public static async Task<int> Main(string[] args)
    {
        if (args.Contains("--exit"))
        {
            Console.Error.WriteLine("refusing to start");
            return 3;
        }

        var isStubborn = args.Contains("--stubborn");
        using var terminated = isStubborn ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true) : null;
        if (args.Contains("--banner"))
        {
            WriteRaw("Welcome to the server!\n"u8);
        }

        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        while (await input.ReadLineAsync() is { } line)
        {
            var message = JsonNode.Parse(line)!.AsObject();
            if (message["method"] is null)
            {
                if (Asked.Remove(message["id"]!.ToJsonString(), out var asked))
                {
                    asked.SetResult(message);
                }
            }
            else if (message["id"] is not null)
            {
                _ = AnswerAsync(message);
            }
            else if ((string?)message["method"] != "notifications/initialized")
            {
                Console.Error.WriteLine("notification " + message["method"]);
            }
        }

        if (isStubborn)
        {
            await Task.Delay(Timeout.Infinite);
        }

        return 0;
    }

    private static async Task AnswerAsync(JsonObject request)
    {
        var id = request["id"]!.DeepClone();
        try
        {
            var result = (string?)request["method"] switch
            {
                "initialize" => new JsonObject
                {
                    ["protocolVersion"] = request["params"]!["protocolVersion"]!.DeepClone(),
                    ["capabilities"] = new JsonObject { ["tools"] = new JsonObject(), ["prompts"] = new JsonObject(), ["resources"] = new JsonObject() },
                    ["serverInfo"] = new JsonObject { ["name"] = "stdio-test", ["version"] = "1.0.0" },
                    ["instructions"] = "for tests",
                    ["clientCapabilitiesSeen"] = request["params"]!["capabilities"]?.DeepClone(),
                },
                "ping" => [],
                "tools/list" => new JsonObject { ["tools"] = new JsonArray(Tool("echo"), Tool("slow")), ["nextCursor"] = "more" },
                "prompts/list" => new JsonObject { ["prompts"] = new JsonArray(new JsonObject { ["name"] = "greet" }) },
                "resources/list" => new JsonObject
                {
                    ["resources"] = new JsonArray(
                        new JsonObject { ["uri"] = "memo://one", ["name"] = "one" },
                        new JsonObject { ["uri"] = "ui://app/page", ["name"] = "page" },
                        new JsonObject { ["uri"] = "bare", ["name"] = "bare" }),
                },
                "resources/read" => new JsonObject { ["contents"] = new JsonArray(new JsonObject { ["uri"] = request["params"]!["uri"]!.DeepClone(), ["text"] = "content" }) },
                "prompts/get" => new JsonObject { ["messages"] = new JsonArray(), ["description"] = (string?)request["params"]!["name"] },
                "tools/call" => await CallAsync(request),
                _ => null,
            };
            Send(result is null
                ? new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["error"] = new JsonObject { ["code"] = -32601, ["message"] = "Method not found" } }
                : new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["result"] = result });
        }
        catch (ArgumentException error)
        {
            Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["error"] = new JsonObject { ["code"] = -32602, ["message"] = error.Message } });
        }
    }

    private static async Task<JsonObject> CallAsync(JsonObject request)
    {
        var parameters = request["params"]!.AsObject();
        var arguments = parameters["arguments"] as JsonObject ?? [];
        switch ((string?)parameters["name"])
        {
            case "echo":
                return Text((string?)arguments["message"] ?? "");
            case "meta":
                return Text(parameters["_meta"]?.ToJsonString() ?? "none");
            case "pid":
                return Text($"{Environment.ProcessId}");
            case "env":
                return Text(Environment.GetEnvironmentVariable((string)arguments["name"]!) ?? "(unset)");
            case "slow":
                await Task.Delay((int)arguments["ms"]!);
                return Text("done");
            case "hang":
                await Task.Delay(Timeout.Infinite);
                return [];
            case "crash":
                Environment.Exit(7);
                return [];
            case "spawn":
                // A grandchild that outlives its parent unless somebody ends it.
                var child = Process.Start(new ProcessStartInfo("sleep") { ArgumentList = { "600" } })!;
                return Text($"{child.Id}");
            case "stderr":
                for (var i = 0; i < (int)arguments["lines"]!; i++)
                {
                    Console.Error.WriteLine($"complaint {i}");
                }

                return Text("complained");
            case "garbage":
                WriteRaw([.. "this is no JSON\n"u8, 0xff, 0xfe, .. "\n{\"half\":\n"u8]);
                await Task.Delay(Timeout.Infinite);
                return [];
            case "noise":
                WriteRaw("debug: about to answer\n\n"u8);
                return Text("answered");
            case "flood":
                Flood((int)arguments["megabytes"]!);
                return Text("flooded");
            case "progress":
                for (var i = 1; i <= (int)arguments["steps"]!; i++)
                {
                    Notify("notifications/progress", new JsonObject { ["progressToken"] = parameters["_meta"]!["progressToken"]!.DeepClone(), ["progress"] = i });
                }

                return Text("progressed");
            case "log":
                Notify("notifications/message", new JsonObject { ["level"] = "info", ["data"] = "working" });
                return Text("logged");
            case "change":
                Notify("notifications/tools/list_changed", []);
                return Text("changed");
            case "elicit":
                var answer = await AskAsync("elicitation/create", new JsonObject { ["message"] = "name?", ["requestedSchema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } });
                return Text(answer["result"]?.ToJsonString() ?? answer["error"]!.ToJsonString());
            default:
                throw new ArgumentException($"Unknown tool: {parameters["name"]}");
        }
    }

    private static Task<JsonNode> AskAsync(string method, JsonObject parameters)
    {
        var id = $"server-{Interlocked.Increment(ref _nextId)}";
        var asked = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        Asked[$"\"{id}\""] = asked;
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        return asked.Task;
    }

    private static JsonObject Tool(string name) => new() { ["name"] = name, ["inputSchema"] = new JsonObject { ["type"] = "object" } };

    private static JsonObject Text(string text) => new() { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) };

    private static void Notify(string method, JsonObject parameters) => Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters });

    private static void Send(JsonObject message) => WriteRaw(Encoding.UTF8.GetBytes(message.ToJsonString() + "\n"));

    private static void Flood(int megabytes)
    {
        var block = new byte[1024 * 1024];
        block.AsSpan().Fill((byte)'x');
        lock (OutputLock)
        {
            Output.Write("{\"jsonrpc\":\"2.0\",\"method\":\""u8);
            for (var i = 0; i < megabytes; i++)
            {
                Output.Write(block);
            }

            Output.Write("\"}\n"u8);
            Output.Flush();
        }
    }

    private static void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        lock (OutputLock)
        {
            Output.Write(bytes);
            Output.Flush();
        }
    }
}

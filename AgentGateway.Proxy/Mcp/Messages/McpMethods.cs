using System.Text;
using System.Text.Json;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>Method names of the protocol. Known names are read without allocating.</summary>
internal static class McpMethods
{
    public const string Initialize = "initialize";
    public const string Initialized = "notifications/initialized";
    public const string Ping = "ping";
    public const string Discover = "server/discover";
    public const string ToolsList = "tools/list";
    public const string ToolsCall = "tools/call";
    public const string PromptsList = "prompts/list";
    public const string PromptsGet = "prompts/get";
    public const string ResourcesList = "resources/list";
    public const string ResourceTemplatesList = "resources/templates/list";
    public const string ResourcesRead = "resources/read";
    public const string ResourcesSubscribe = "resources/subscribe";
    public const string ResourcesUnsubscribe = "resources/unsubscribe";
    public const string Complete = "completion/complete";
    public const string SetLevel = "logging/setLevel";
    public const string Listen = "subscriptions/listen";
    public const string ListenAcknowledged = "notifications/subscriptions/acknowledged";
    public const string Progress = "notifications/progress";
    public const string Cancelled = "notifications/cancelled";
    public const string LogMessage = "notifications/message";
    public const string ResourceUpdated = "notifications/resources/updated";
    public const string TasksList = "tasks/list";
    public const string TasksGet = "tasks/get";
    public const string TasksResult = "tasks/result";
    public const string TasksUpdate = "tasks/update";
    public const string TasksCancel = "tasks/cancel";

    private static readonly (byte[] Utf8, string Name)[] Known = Utf8Of(
    [
        ToolsCall, Initialize, Initialized, ToolsList, Progress, LogMessage, Ping, Discover, PromptsList, PromptsGet, ResourcesList, ResourceTemplatesList,
        ResourcesRead, ResourcesSubscribe, ResourcesUnsubscribe, Complete, SetLevel, Listen, Cancelled, ResourceUpdated, TasksGet, TasksList,
        TasksResult, TasksUpdate, TasksCancel, "sampling/createMessage", "elicitation/create", "roots/list", "notifications/roots/list_changed",
        "notifications/tools/list_changed", "notifications/prompts/list_changed", "notifications/resources/list_changed",
    ]);

    /// <summary>Reads the string on which the reader stands.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        foreach (var (utf8, name) in Known)
        {
            if (reader.ValueTextEquals(utf8))
            {
                return name;
            }
        }

        return reader.GetString()!;
    }

    /// <summary>Requests that a client of the revision without sessions may send; the tasks extension is among them.</summary>
    public static bool IsModernRequest(string method) => method
        is Discover or ToolsList or ToolsCall or PromptsList or PromptsGet or ResourcesList or ResourceTemplatesList or ResourcesRead or Complete or Listen or TasksList
        || IsOfTask(method);

    /// <summary>Requests about one task.</summary>
    public static bool IsOfTask(string? method) => method is TasksGet or TasksResult or TasksUpdate or TasksCancel;

    /// <summary>Requests for a list.</summary>
    public static bool IsList(string? method) => method is ToolsList or PromptsList or ResourcesList or ResourceTemplatesList or TasksList;

    /// <summary>Requests whose complete result carries caching hints since revision 2026-07-28.</summary>
    public static bool IsCacheable(string? method) =>
        method is Discover or ToolsList or PromptsList or ResourcesList or ResourceTemplatesList or ResourcesRead;

    /// <summary>What a method is about, as <c>mcp.resource.type</c> says it; null when it is about none of them.</summary>
    public static string? ResourceType(string method) => method switch
    {
        ToolsCall or ToolsList => "tool",
        PromptsGet or PromptsList => "prompt",
        ResourcesList or ResourcesRead or ResourcesSubscribe or ResourcesUnsubscribe => "resource",
        ResourceTemplatesList => "templates",
        _ => method.StartsWith("tasks/", StringComparison.Ordinal) ? "task" : null,
    };

    private static (byte[] Utf8, string Name)[] Utf8Of(string[] names) => Array.ConvertAll(names, static name => (Encoding.UTF8.GetBytes(name), name));
}

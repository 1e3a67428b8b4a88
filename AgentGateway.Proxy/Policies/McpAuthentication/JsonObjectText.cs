using System.Text.Json;

namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>A parsed JSON object.</summary>
internal sealed class JsonObjectText(JsonElement root)
{
    public JsonElement Root { get; } = root;

    /// <summary>A member's text, or null.</summary>
    public string? Text(string name) =>
        Root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Text;
using System.Text.Json.Nodes;

namespace AgentGateway.Proxy.Mcp;

/// <summary>
/// The page that a tool of an MCP App is shown with: <c>_meta.ui.resourceUri</c>, or <c>_meta["ui/resourceUri"]</c> in its older form
/// (specification 2.6).
/// </summary>
internal static class McpAppResources
{
    /// <summary>The tool without references to pages that are not allowed; null when it stays as it is.</summary>
    /// <param name="tool">A tool of a list.</param>
    /// <param name="allows">Whether a resource may be read.</param>
    public static byte[]? WithoutRefused(ReadOnlySpan<byte> tool, Func<string, bool> allows)
    {
        if (tool.IndexOf("resourceUri"u8) < 0 || JsonNode.Parse(tool) is not JsonObject item || item["_meta"] is not JsonObject meta)
        {
            return null;
        }

        var changed = Remove(meta, "ui/resourceUri", allows);
        if (meta["ui"] is JsonObject ui)
        {
            changed |= Remove(ui, "resourceUri", allows);
        }

        return changed ? Encoding.UTF8.GetBytes(item.ToJsonString()) : null;
    }

    private static bool Remove(JsonObject owner, string member, Func<string, bool> allows) =>
        owner[member] is JsonValue value && value.TryGetValue<string>(out var uri) && !allows(uri) && owner.Remove(member);
}

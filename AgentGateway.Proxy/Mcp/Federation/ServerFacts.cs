using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>What a server said of itself when it was asked: its answer to <c>initialize</c> or <c>server/discover</c>.</summary>
/// <param name="Result">The result, as it came.</param>
internal sealed record ServerFacts(ReadOnlyMemory<byte> Result)
{
    /// <summary>Revision agreed on; null when the server speaks for several.</summary>
    public string? Version { get; } = ResultText.ProtocolVersion(Result);

    /// <summary>True when the server answered <c>server/discover</c>.</summary>
    public bool IsModern => ResultText.Member(Result.Span, "supportedVersions"u8).IsPresent;

    /// <summary>A capability's value, empty when the server has it not.</summary>
    public ReadOnlyMemory<byte> Capability(ReadOnlySpan<byte> name)
    {
        var capabilities = ResultText.Member(Result.Span, "capabilities"u8).Of(Result);
        return capabilities.IsEmpty ? default : ResultText.Member(capabilities.Span, name).Of(capabilities);
    }

    /// <summary>True when the server has the capability that a method needs; methods that need none are always there.</summary>
    public bool Offers(string? method) => method switch
    {
        McpMethods.ToolsList => !Capability("tools"u8).IsEmpty,
        McpMethods.PromptsList => !Capability("prompts"u8).IsEmpty,
        McpMethods.ResourcesList or McpMethods.ResourceTemplatesList => !Capability("resources"u8).IsEmpty,
        McpMethods.SetLevel => !Capability("logging"u8).IsEmpty,
        McpMethods.TasksList => !Capability("tasks"u8).IsEmpty,
        _ => true,
    };

    /// <summary>True when the server can be used with a revision: by what it lists, or through the gateway's handshake when it lists none.</summary>
    public bool Speaks(string version)
    {
        var versions = ResultText.Member(Result.Span, "supportedVersions"u8).Of(Result);
        if (versions.IsEmpty)
        {
            return true;
        }

        var reader = new Utf8JsonReader(versions.Span, new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(version))
            {
                return true;
            }
        }

        return false;
    }
}

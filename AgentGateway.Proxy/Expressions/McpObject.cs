using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>mcp</c>: the message as the record knows it. JSON is read in place.</summary>
internal sealed class McpObject(RequestContext context) : CelObject
{
    private readonly CelValue _tool = CelValue.FromMap(new ToolObject(context));
    private readonly CelValue _prompt = CelValue.FromMap(new ItemObject(context, isPrompt: true));
    private readonly CelValue _resource = CelValue.FromMap(new ItemObject(context, isPrompt: false));

    public override CelObjectType Type => GatewayTypes.Mcp;

    public override CelValue GetMember(int member)
    {
        var record = context.Record;
        return member switch
        {
            McpMember.MethodName => CelValue.FromString(record.McpMethod),
            McpMember.SessionId => CelValue.FromString(record.McpSessionId),
            McpMember.Tool => record.McpToolName is null ? CelValue.Null : _tool,
            McpMember.Prompt => record.McpPromptName is null ? CelValue.Null : _prompt,
            McpMember.Resource => record.McpResourceUri is null ? CelValue.Null : _resource,
            McpMember.Task => CelValue.Null,
            _ => default,
        };
    }

    private sealed class ToolObject(RequestContext context) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.McpTool;

        public override CelValue GetMember(int member)
        {
            var record = context.Record;
            return member switch
            {
                McpToolMember.Target => CelValue.FromString(record.McpTarget),
                McpToolMember.Name => CelValue.FromString(record.McpToolName),
                McpToolMember.Arguments => Json(record.McpToolArguments),
                McpToolMember.Result => Json(record.McpToolResult),
                McpToolMember.Error => Json(record.McpToolError),
                _ => default,
            };
        }

        private static CelValue Json(ReadOnlyMemory<byte> json) => json.IsEmpty ? default : CelValue.FromJson(json);
    }

    private sealed class ItemObject(RequestContext context, bool isPrompt) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.McpItem;

        public override CelValue GetMember(int member) => CelValue.FromString(
            member == McpItemMember.Target ? context.Record.McpTarget : isPrompt ? context.Record.McpPromptName : context.Record.McpResourceUri);
    }
}

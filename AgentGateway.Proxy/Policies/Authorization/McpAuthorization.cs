using System.Runtime.CompilerServices;
using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Authorization;

/// <summary>What an MCP client asks for; the member of the variable <c>mcp</c> that rules see.</summary>
internal enum McpItemKind
{
    Tool,
    Prompt,
    Resource,
    Task,
}

/// <summary>
/// Rules of <c>mcpAuthorization</c> for one request (specification config-mcp 2.8): lists are filtered by them, calls that they do not allow are
/// answered as if the item did not exist.
/// </summary>
internal sealed class McpAuthorization
{
    // Settings live as long as their snapshot, and so does what is compiled of them.
    private static readonly ConditionalWeakTable<McpAuthorizationPolicy, RuleSet> Compiled = [];

    private readonly RuleSet _rules;
    private readonly RequestContext _context;

    private McpAuthorization(RuleSet rules, RequestContext context)
    {
        _rules = rules;
        _context = context;
    }

    /// <summary>The rules that apply to the request, or null when all is allowed.</summary>
    public static McpAuthorization? For(RequestContext context) =>
        context.Backend?.Find<McpAuthorizationPolicy>() is { Rules.Length: > 0 } policy
            ? new McpAuthorization(Compiled.GetValue(policy, static settings => new RuleSet(settings.Rules)), context)
            : null;

    /// <summary>Decides about one item.</summary>
    /// <param name="kind">Kind of the item.</param>
    /// <param name="target">Name of the MCP target.</param>
    /// <param name="name">Name of the item at its target, not as the client sees it; of a resource its URI.</param>
    public bool Allows(McpItemKind kind, string target, string name) => _rules.Allows(new Variables(_context.Variables, new Message(kind, target, name)));

    private sealed class Variables(ICelActivation request, Message message) : ICelActivation
    {
        public CelValue GetVariable(int slot) => slot == GatewayVariables.Mcp ? CelValue.FromMap(message) : request.GetVariable(slot);
    }

    // A rule about a tool does not match a prompt: the other members are absent, and reading them is an error, which is false.
    private sealed class Message(McpItemKind kind, string target, string name) : CelObject
    {
        private readonly CelMap _item = kind == McpItemKind.Tool ? new Tool(target, name) : new Item(target, name);

        public override CelObjectType Type => GatewayTypes.Mcp;

        public override CelValue GetMember(int member) => member == MemberOf(kind) ? CelValue.FromMap(_item) : default;

        private static int MemberOf(McpItemKind kind) => kind switch
        {
            McpItemKind.Tool => McpMember.Tool,
            McpItemKind.Prompt => McpMember.Prompt,
            McpItemKind.Resource => McpMember.Resource,
            _ => McpMember.Task,
        };
    }

    private sealed class Tool(string target, string name) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.McpTool;

        public override CelValue GetMember(int member) => member switch
        {
            McpToolMember.Target => CelValue.FromString(target),
            McpToolMember.Name => CelValue.FromString(name),
            _ => default,
        };
    }

    private sealed class Item(string target, string name) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.McpItem;

        public override CelValue GetMember(int member) => member switch
        {
            McpItemMember.Target => CelValue.FromString(target),
            McpItemMember.Name => CelValue.FromString(name),
            _ => default,
        };
    }
}

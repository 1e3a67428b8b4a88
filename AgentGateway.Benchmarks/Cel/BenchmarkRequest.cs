using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Benchmarks.Cel;

/// <summary>One request as plain fields, read both by expressions (through the activation) and by hand-written lambdas.</summary>
internal sealed class BenchmarkRequest : ICelActivation
{
    private readonly CelValue _request;
    private readonly CelValue _jwt;
    private readonly CelValue _mcp;
    private readonly CelValue _llm;

    public BenchmarkRequest()
    {
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["host"] = "gateway", ["x-tenant"] = "acme-42", ["user-agent"] = "benchmark" };
        _request = CelValue.FromMap(new RequestObject(this));
        _jwt = CelValue.FromMap(new JwtObject(this));
        _mcp = CelValue.FromMap(new McpObject(this));
        _llm = CelValue.FromMap(new LlmObject(this));
    }

    public string Method { get; init; } = "POST";

    public Dictionary<string, string> Headers { get; }

    public Dictionary<string, string> Claims { get; } = new(StringComparer.Ordinal) { ["sub"] = "test-user", ["iss"] = "issuer" };

    public string ToolName { get; init; } = "add";

    public uint InputTokens { get; init; } = 120;

    public CelValue GetVariable(int slot) => slot switch
    {
        GatewayVariables.Request => _request,
        GatewayVariables.Jwt => _jwt,
        GatewayVariables.Mcp => _mcp,
        GatewayVariables.Llm => _llm,
        _ => default,
    };

    private sealed class RequestObject(BenchmarkRequest request) : CelObject
    {
        private readonly CelValue _headers = CelValue.FromMap(new HeaderObject(request));

        public override CelObjectType Type => GatewayTypes.Request;

        public override CelValue GetMember(int member) => member switch
        {
            RequestMember.Method => CelValue.FromString(request.Method),
            RequestMember.Headers => _headers,
            _ => default,
        };
    }

    private sealed class HeaderObject(BenchmarkRequest request) : HeaderView
    {
        public override int Count => request.Headers.Count;

        public override HeaderValues Find(string name) => request.Headers.TryGetValue(name, out var value) ? new HeaderValues(value) : default;

        public override bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values)
        {
            (name, values) = ("", default);
            if (cursor >= request.Headers.Count)
                return false;
            var (key, value) = request.Headers.ElementAt(cursor++);
            (name, values) = (key, new HeaderValues(value));
            return true;
        }
    }

    private sealed class JwtObject(BenchmarkRequest request) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.Jwt;

        public override CelValue GetMember(int member) => default;

        public override CelValue GetDynamicMember(CelName name) => request.Claims.TryGetValue(name.Text, out var value) ? CelValue.FromString(value) : default;
    }

    private sealed class McpObject(BenchmarkRequest request) : CelObject
    {
        private readonly CelValue _tool = CelValue.FromMap(new ToolObject(request));

        public override CelObjectType Type => GatewayTypes.Mcp;

        public override CelValue GetMember(int member) => member == McpMember.Tool ? _tool : default;
    }

    private sealed class ToolObject(BenchmarkRequest request) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.McpTool;

        public override CelValue GetMember(int member) => member == McpToolMember.Name ? CelValue.FromString(request.ToolName) : default;
    }

    private sealed class LlmObject(BenchmarkRequest request) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.Llm;

        public override CelValue GetMember(int member) => member == LlmMember.InputTokens ? CelValue.FromUint(request.InputTokens) : default;
    }
}

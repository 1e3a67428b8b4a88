using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using BenchmarkDotNet.Attributes;

namespace AgentGateway.Benchmarks.Cel;

/// <summary>Evaluation of compiled expressions, against the same condition written in C#.</summary>
[MemoryDiagnoser]
public class EvaluationBenchmarks
{
    private readonly BenchmarkRequest _request = new();
    private readonly CelProgram _rule = Compile("jwt.sub == \"test-user\" && mcp.tool.name == \"add\" && request.headers[\"x-tenant\"].startsWith(\"acme\")");
    private readonly CelProgram _member = Compile("llm.inputTokens");
    private readonly CelProgram _method = Compile("request.method == \"POST\"");
    private readonly CelProgram _arithmetic = Compile("llm.inputTokens * 3 + 7 > 100");
    private readonly CelProgram _missing = Compile("default(llm.outputTokens, 0)");
    private readonly CelProgram _macro = Compile("[\"read\", \"list\", \"add\"].exists(t, t == mcp.tool.name)");
    private readonly CelProgram _flatten = Compile("flattenRecursive([{\"role\": \"user\", \"content\": request.method}].map(c, {\"message\": c}))");
    private readonly Func<BenchmarkRequest, bool> _lambda = static r =>
        r.Claims.TryGetValue("sub", out var sub) && sub == "test-user" && r.ToolName == "add" && r.Headers.TryGetValue("x-tenant", out var tenant) && tenant.StartsWith("acme", StringComparison.Ordinal);

    /// <summary>The rule as a hand-written lambda.</summary>
    [Benchmark(Baseline = true)]
    public bool Lambda() => _lambda(_request);

    /// <summary>The rule as an expression.</summary>
    [Benchmark]
    public bool Rule() => _rule.Evaluate(_request).IsTrue;

    /// <summary><c>llm.inputTokens</c>.</summary>
    [Benchmark]
    public ulong Member() => _member.Evaluate(_request).AsUint();

    /// <summary><c>request.method == "POST"</c>.</summary>
    [Benchmark]
    public bool MemberEqualsLiteral() => _method.Evaluate(_request).IsTrue;

    /// <summary>Arithmetic and a comparison.</summary>
    [Benchmark]
    public bool Arithmetic() => _arithmetic.Evaluate(_request).IsTrue;

    /// <summary>A member that is not there, with a default.</summary>
    [Benchmark]
    public bool MissingWithDefault() => _missing.Evaluate(_request).IsError;

    /// <summary>A macro over a constant list.</summary>
    [Benchmark]
    public bool Exists() => _macro.Evaluate(_request).IsTrue;

    /// <summary>A flattened list of maps, without its expansion.</summary>
    [Benchmark]
    public bool Flatten() => _flatten.Evaluate(_request).IsError;

    private static CelProgram Compile(string source) => GatewayExpressions.Compile(source).Program ?? throw new InvalidOperationException(source);
}

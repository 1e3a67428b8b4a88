using AgentGateway.Configuration.Expressions;
using BenchmarkDotNet.Attributes;

namespace AgentGateway.Benchmarks.Cel;

/// <summary>Compilation: lexing, parsing, checking, planning, attribute set.</summary>
[MemoryDiagnoser]
public class CompilationBenchmarks
{
    /// <summary>The three-part rule of <see cref="EvaluationBenchmarks"/>.</summary>
    [Benchmark]
    public bool Rule() => GatewayExpressions.Compile("jwt.sub == \"test-user\" && mcp.tool.name == \"add\" && request.headers[\"x-tenant\"].startsWith(\"acme\")").Succeeded;

    /// <summary>A field of a trace.</summary>
    [Benchmark]
    public bool Field() => GatewayExpressions.Compile("flatten_recursive(llm.completion.map(c, {\"role\":\"assistant\", \"content\": c}))").Succeeded;

    /// <summary>A single member.</summary>
    [Benchmark]
    public bool Member() => GatewayExpressions.Compile("llm.input_tokens").Succeeded;
}

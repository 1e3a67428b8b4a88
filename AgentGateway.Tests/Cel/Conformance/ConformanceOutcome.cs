using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>What a test of the suite comes to, as one line: compared between a program compiled ahead of time and this one.</summary>
internal static class ConformanceOutcome
{
    /// <summary>The outcome in the plain environment, and for expressions without declarations in the gateway's.</summary>
    public static string Of(ConformanceCase test)
    {
        var gateway = test.Original.TryGetProperty("typeEnv", out _) || test.Original.TryGetProperty("container", out _)
            ? ""
            : " | " + Text(GatewayExpressions.Compile(test.Expression), new TestActivation());
        return (Plain(test) + gateway).ReplaceLineEndings("\\n");
    }

    private static string Plain(ConformanceCase test)
    {
        try
        {
            return Text(ConformanceRunner.Compile(test, out var activation), activation);
        }
        catch (NotSupportedException unsupported)
        {
            return "needs " + unsupported.Message;
        }
    }

    private static string Text(CelCompilation compilation, TestActivation activation)
    {
        if (!compilation.Succeeded)
            return compilation.ErrorText;
        var value = compilation.Program.Evaluate(activation);
        var text = value.Error is { } error ? $"{error.Code} {error.Message}" : $"{value.Kind} {value.RuntimeType} {value.ToJson()} {value.ToText()}";
        return $"{compilation.Program.ResultType} {compilation.Program.Format()} = {text}";
    }
}

using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel;

/// <summary>Compiles and evaluates in the gateway's environment, or in a plain one.</summary>
internal static class Expressions
{
    public static CelEnvironment Plain { get; } = new CelEnvironmentBuilder().Build();

    public static CelProgram Compile(string source)
    {
        var compilation = GatewayExpressions.Compile(source);
        Assert.True(compilation.Succeeded, compilation.ErrorText);
        return compilation.Program;
    }

    public static CelValue Evaluate(string source, ICelActivation? activation = null) => Compile(source).Evaluate(activation ?? new TestActivation());

    public static CelValue EvaluatePlain(string source)
    {
        var compilation = Plain.Compile(source);
        Assert.True(compilation.Succeeded, compilation.ErrorText);
        return compilation.Program.Evaluate(new TestActivation());
    }

    public static CelErrorCode? ErrorCode(string source, ICelActivation? activation = null) => Evaluate(source, activation).Error?.Code;

    public static CelValue Json(string json) => CelValue.FromJson(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>An activation with the given variables as JSON.</summary>
    public static TestActivation With(params (int Slot, string Json)[] variables)
    {
        var activation = new TestActivation();
        foreach (var (slot, json) in variables)
            activation.Values[slot] = Json(json);
        return activation;
    }
}

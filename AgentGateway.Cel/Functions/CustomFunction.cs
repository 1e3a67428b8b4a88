using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel.Functions;

/// <summary>A function of <c>config.customFunctions</c>, compiled.</summary>
internal sealed record CustomFunction(string Name, bool IsMethod, bool IsVariadic, int ParameterCount, CustomFunctionBody Body, CelAttributes Attributes, int Depth);

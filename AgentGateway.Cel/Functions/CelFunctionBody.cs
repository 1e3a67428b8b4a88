namespace AgentGateway.Cel;

/// <summary>The code of a function overload. Must be pure unless the function is declared volatile, must not throw and must not block.</summary>
/// <param name="call">The arguments, of the kinds the signature says; a receiver comes first.</param>
/// <returns>The result, or an error value.</returns>
public delegate CelValue CelFunctionBody(in CelCall call);

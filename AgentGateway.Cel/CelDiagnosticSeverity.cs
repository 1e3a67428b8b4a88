namespace AgentGateway.Cel;

/// <summary>How bad a <see cref="CelDiagnostic"/> is.</summary>
public enum CelDiagnosticSeverity
{
    /// <summary>The expression compiles; evaluating it will probably not give what was meant.</summary>
    Warning,

    /// <summary>The expression does not compile.</summary>
    Error,
}

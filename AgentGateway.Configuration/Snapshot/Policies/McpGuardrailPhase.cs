namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>When a guardrail sees an MCP method.</summary>
public enum McpGuardrailPhase
{
    /// <summary>Before and after the call.</summary>
    Full,

    /// <summary>Before the call.</summary>
    Request,

    /// <summary>After the call.</summary>
    Response,

    /// <summary>Never.</summary>
    Off,
}

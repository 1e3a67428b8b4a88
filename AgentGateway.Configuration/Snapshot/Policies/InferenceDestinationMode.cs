namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How far an endpoint picker's choice is trusted.</summary>
public enum InferenceDestinationMode
{
    /// <summary>The choice must be a known endpoint.</summary>
    Validated,

    /// <summary>The choice is taken as it is.</summary>
    Passthrough,
}

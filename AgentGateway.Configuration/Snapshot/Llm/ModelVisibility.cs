namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Who sees a model.</summary>
public enum ModelVisibility
{
    /// <summary>Clients.</summary>
    Public,

    /// <summary>Only virtual models.</summary>
    Internal,
}

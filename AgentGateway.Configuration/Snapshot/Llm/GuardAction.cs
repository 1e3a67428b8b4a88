namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>What a matching rule does.</summary>
public enum GuardAction
{
    /// <summary>The match is masked.</summary>
    Mask,

    /// <summary>The request is refused.</summary>
    Reject,
}

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How a body reaches an external processor.</summary>
public enum BodySendMode
{
    /// <summary>Streamed both ways.</summary>
    FullDuplexStreamed,

    /// <summary>Not sent.</summary>
    None,

    /// <summary>Sent whole.</summary>
    Buffered,

    /// <summary>Sent up to the buffer limit.</summary>
    BufferedPartial,
}

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>What a JSON-RPC message is, by the members it has.</summary>
internal enum JsonRpcKind
{
    /// <summary>No JSON-RPC message that is understood (a batch, for one); it is passed on as it is.</summary>
    Unknown,

    /// <summary>Has a method and an identifier.</summary>
    Request,

    /// <summary>Has a method and no identifier.</summary>
    Notification,

    /// <summary>Has a result.</summary>
    Response,

    /// <summary>Has an error.</summary>
    Error,
}

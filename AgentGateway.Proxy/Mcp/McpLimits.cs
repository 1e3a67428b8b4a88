namespace AgentGateway.Proxy.Mcp;

/// <summary>Bounds on what comes from clients and upstream servers.</summary>
internal static class McpLimits
{
    /// <summary>Largest request body, in bytes (specification 2.1, row 4).</summary>
    public const int RequestBytes = 2 * 1024 * 1024;

    /// <summary>Largest message of an upstream server, in bytes: one SSE event, one JSON body, or one line of a stdio server.</summary>
    public const int UpstreamMessageBytes = 32 * 1024 * 1024;

    /// <summary>Largest body of an upstream HTTP error that is passed to the client, in bytes.</summary>
    public const int ErrorBodyBytes = 2 * 1024 * 1024;

    /// <summary>Largest answer of a REST service that is made into the result of a tool, in bytes. The result holds it twice.</summary>
    public const int RestBodyBytes = 8 * 1024 * 1024;

    /// <summary>Depth of JSON nesting that is followed.</summary>
    public const int JsonDepth = 256;

    /// <summary>Requests that one session may have under way at a time.</summary>
    public const int PendingRequests = 512;

    /// <summary>Messages of a server with one stream that wait for one response stream; when it is full the server is no longer read.</summary>
    public const int QueuedMessages = 256;

    /// <summary>Bytes of messages without a request that wait for an event stream; the oldest are dropped first.</summary>
    public const int QueuedEventBytes = 4 * 1024 * 1024;

    /// <summary>Open sessions of one backend.</summary>
    public const int Sessions = 10_000;

    /// <summary>Open sessions of one backend that hold child processes.</summary>
    public const int StdioSessions = 1_000;

    /// <summary>Ends of sessions that are remembered, so that a deleted session is not resumed from its identifier.</summary>
    public const int RememberedDeletions = 4_096;

    /// <summary>Longest accepted session identifier, in characters.</summary>
    public const int SessionIdCharacters = 8_192;

    /// <summary>Longest time until a server has answered <c>initialize</c>.</summary>
    public static readonly TimeSpan InitializeTime = TimeSpan.FromMinutes(2);

    /// <summary>Longest time until a server of the older HTTP transport has opened its stream and named its endpoint.</summary>
    public static readonly TimeSpan EndpointTime = TimeSpan.FromSeconds(30);

    /// <summary>Pages of a list that are asked of one target when several are merged (specification 2.6).</summary>
    public const int ListPages = 64;

    /// <summary>Longest time until all targets have answered a request that goes to several.</summary>
    public static readonly TimeSpan FanOutTime = TimeSpan.FromSeconds(30);

    /// <summary>Longest time that a server gets for a list which it does not offer.</summary>
    public static readonly TimeSpan NotOfferedTime = TimeSpan.FromSeconds(3);

    /// <summary>Longest time for telling an upstream that a session has ended.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(3);

    /// <summary>Longest time of a call to a REST service; policies of the route may set a shorter one.</summary>
    public static readonly TimeSpan RestCallTime = TimeSpan.FromMinutes(5);

    /// <summary>Longest time a stdio server may leave its standard input unread.</summary>
    public static readonly TimeSpan StdinTime = TimeSpan.FromSeconds(30);
}

namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>Case of HTTP/1.1 header names towards clients.</summary>
internal enum HeaderCase
{
    /// <summary>Lower case.</summary>
    Lowercase,

    /// <summary>As the upstream wrote them.</summary>
    Preserve,
}

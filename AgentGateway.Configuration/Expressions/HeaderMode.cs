namespace AgentGateway.Configuration.Expressions;

/// <summary>How a header view shows the entries of a header.</summary>
internal enum HeaderMode
{
    /// <summary>One string, entries joined with commas.</summary>
    Joined,

    /// <summary>The list of entries.</summary>
    Raw,

    /// <summary>The list of values, entries split at commas.</summary>
    Split,
}

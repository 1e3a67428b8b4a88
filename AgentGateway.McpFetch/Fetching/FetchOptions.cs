namespace AgentGateway.McpFetch.Fetching;

/// <summary>Limits of the fetch tool. Configuration section <c>McpFetch</c>.</summary>
internal sealed class FetchOptions
{
    /// <summary>Name of the configuration section.</summary>
    internal const string Section = "McpFetch";

    /// <summary>Environment variable that sets <see cref="AllowPrivateAddresses"/>.</summary>
    internal const string AllowPrivateAddressesVariable = "MCPFETCH_ALLOW_PRIVATE_ADDRESSES";

    /// <summary>Connect also to private, loopback, link-local and other non-public addresses. Default false.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Time for one call, from the first name lookup to the last byte, redirects and waiting for a free slot included. Default 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Size of a page in bytes, counted after decompression. Default 5 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>Redirects followed before giving up. Default 5.</summary>
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Pages fetched at the same time; a call above it waits. Default 16.</summary>
    public int MaxConcurrentFetches { get; set; } = 16;

    /// <summary>Value of the <c>User-Agent</c> header.</summary>
    public string UserAgent { get; set; } = "AgentGateway-McpFetch/0.1";
}

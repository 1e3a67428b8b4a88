namespace AgentGateway.Proxy.Mcp;

/// <summary>Protocol revisions that the gateway knows.</summary>
internal static class McpVersions
{
    /// <summary>First revision without sessions: version, identity and capabilities travel with each request.</summary>
    public const string Modern = "2026-07-28";

    /// <summary>Newest revision with an <c>initialize</c> handshake.</summary>
    public const string NewestLegacy = "2025-11-25";

    public static readonly string[] Known = ["2024-11-05", "2025-03-26", "2025-06-18", NewestLegacy, Modern];

    public static bool IsKnown(string version) => Array.IndexOf(Known, version) >= 0;

    /// <summary>True for revisions that carry their metadata with each request. Revisions are dates, so their order is that of their text.</summary>
    public static bool IsModern(string? version) => version is not null && string.CompareOrdinal(version, Modern) >= 0;
}

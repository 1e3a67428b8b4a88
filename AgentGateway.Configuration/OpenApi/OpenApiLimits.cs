namespace AgentGateway.Configuration.OpenApi;

/// <summary>Bounds on OpenAPI documents and on the tools made of them.</summary>
public static class OpenApiLimits
{
    /// <summary>Largest document, in bytes of UTF-8.</summary>
    public const int DocumentBytes = 16 * 1024 * 1024;

    /// <summary>Most operations of one document.</summary>
    public const int Tools = 4096;

    /// <summary>Longest name of a tool, in characters.</summary>
    public const int NameCharacters = 256;

    /// <summary>Longest title of a tool, in characters; a longer summary is cut.</summary>
    public const int TitleCharacters = 64;

    /// <summary>Longest path of an operation with the prefix before it, in characters.</summary>
    public const int PathCharacters = 4096;

    /// <summary>Most parameters of one operation.</summary>
    public const int Parameters = 256;

    /// <summary>Largest input schema of one tool after its references are inlined, in bytes.</summary>
    public const int ToolBytes = 1024 * 1024;

    /// <summary>Largest list of all tools, in bytes.</summary>
    public const int ListBytes = 16 * 1024 * 1024;

    /// <summary>Deepest nesting of an input schema after its references are inlined. Many readers of JSON stop at 64 levels, and the list has some of its own.</summary>
    public const int SchemaDepth = 48;

    /// <summary>References that may lead from one to the next.</summary>
    internal const int ReferenceHops = 16;

    /// <summary>Problems that are told of one document; the rest is counted.</summary>
    internal const int Problems = 50;
}

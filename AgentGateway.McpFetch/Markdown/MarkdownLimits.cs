namespace AgentGateway.McpFetch.Markdown;

/// <summary>Bounds of a conversion. A page above them still gives text, only with less structure or cut.</summary>
internal static class MarkdownLimits
{
    /// <summary>Characters of Markdown. Links made absolute and nested prefixes can make a page many times longer than its source.</summary>
    internal const int MaxOutputChars = 10_000_000;

    /// <summary>Levels of elements the parser nests; deeper ones become siblings, as in browsers. Also bounds our recursion.</summary>
    internal const int MaxDepth = 256;

    /// <summary>Elements a document may make, those counted that a tag implies by reopening formatting elements.</summary>
    internal const long MaxElements = 500_000;

    /// <summary>Steps over the parser's stack of open elements: each costs some 10 to 40 ns, so this is under a second.</summary>
    internal const long MaxStackSteps = 20_000_000;

    /// <summary>Time to parse a document, for what the counters above do not foresee.</summary>
    internal static readonly TimeSpan MaxParseTime = TimeSpan.FromSeconds(10);

    /// <summary>Columns of a table.</summary>
    internal const int MaxTableColumns = 100;

    /// <summary>Characters of a link target; a longer one is left out and its text stays.</summary>
    internal const int MaxLinkLength = 2048;
}

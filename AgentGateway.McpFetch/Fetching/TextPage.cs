namespace AgentGateway.McpFetch.Fetching;

/// <summary>A window of a long text.</summary>
/// <param name="Text">The characters of the window.</param>
/// <param name="NextStart">Where the next window starts, null when the text ends with this one.</param>
internal readonly record struct TextPage(string Text, int? NextStart)
{
    /// <summary>
    /// Cuts a window. Characters are UTF-16 code units, but a surrogate pair is never split: the end moves back before it, or, where
    /// nothing would remain, behind it, so that following <see cref="NextStart"/> always advances and gives back the whole text.
    /// </summary>
    /// <returns>The window, null when <paramref name="start"/> lies beyond the end.</returns>
    internal static TextPage? Cut(string text, int start, int maxLength)
    {
        if (start > text.Length || (start == text.Length && start > 0))
            return null;
        if (SplitsPair(text, start))
            start--;
        var end = (int)Math.Min((long)start + maxLength, text.Length);
        if (SplitsPair(text, end))
            end = end - 1 > start ? end - 1 : end + 1;
        return new TextPage(text[start..end], end < text.Length ? end : null);
    }

    private static bool SplitsPair(string text, int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]);
}

using System.Net.Http.Headers;

namespace AgentGateway.McpFetch.Content;

/// <summary>The parts of a <c>Content-Type</c> value that matter here.</summary>
/// <param name="Name">Lower-case type and subtype, null when absent or malformed.</param>
/// <param name="Charset">Value of the <c>charset</c> parameter without quotes, null when absent.</param>
internal readonly record struct MediaType(string? Name, string? Charset)
{
    private const int MaxLength = 256;

    internal static MediaType Parse(string? contentType)
    {
        if (contentType is null || contentType.Length > MaxLength)
            return default;
        if (MediaTypeHeaderValue.TryParse(contentType, out var parsed))
            return new MediaType(parsed.MediaType?.ToLowerInvariant(), Clean(parsed.CharSet));

        // Malformed parameters ("text/html; charset=") must not hide the type itself.
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return end > 0 && MediaTypeHeaderValue.TryParse(contentType[..end], out parsed)
            ? new MediaType(parsed.MediaType?.ToLowerInvariant(), null)
            : default;
    }

    private static string? Clean(string? charset)
    {
        var trimmed = charset?.Trim().Trim('"', '\'').Trim();
        return string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }
}

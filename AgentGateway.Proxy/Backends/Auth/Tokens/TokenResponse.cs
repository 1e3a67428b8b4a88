using System.Text.Json;

namespace AgentGateway.Proxy.Backends.Auth.Tokens;

/// <summary>Reads answers of token endpoints (RFC 6749 5).</summary>
internal static class TokenResponse
{
    // A token is renewed this long before it ends.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Reads a token.</summary>
    /// <exception cref="BackendAuthException">The endpoint refused, or the answer holds no token.</exception>
    public static FetchedToken Read(int status, ReadOnlySpan<byte> body, TimeSpan defaultLife, DateTimeOffset now)
    {
        string? token = null;
        string? error = null;
        double? expiresIn = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind == JsonValueKind.Object)
            {
                token = Text(root, "access_token");
                error = Text(root, "error");
                if (root.TryGetProperty("expires_in", out var value))
                {
                    // Some providers send the number as text.
                    expiresIn = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) ? seconds
                        : value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out seconds) ? seconds
                        : null;
                }
            }
        }
        catch (JsonException)
        {
            // Judged below by its status: an error page of a proxy is no JSON either.
        }

        if (status is < 200 or > 299)
        {
            throw new BackendAuthException($"the token endpoint answered {status}{(IsErrorCode(error) ? $" ({error})" : "")}");
        }

        if (token is not { Length: > 0 })
        {
            throw new BackendAuthException("the token endpoint's answer has no access_token");
        }

        var life = expiresIn is { } given ? TimeSpan.FromSeconds(Math.Clamp(given, 0, 86_400 * 365)) : defaultLife;
        return new FetchedToken(token, now + (life > Margin ? life - Margin : TimeSpan.Zero));
    }

    // Error codes are words (RFC 6749 5.2); anything else might be what was sent, and is not repeated.
    private static bool IsErrorCode(string? error)
    {
        if (error is not { Length: > 0 and <= 64 })
        {
            return false;
        }

        foreach (var c in error)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

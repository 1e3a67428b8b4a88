using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Tokens;

/// <summary>Reads answers of token endpoints (RFC 6749 5).</summary>
internal static class TokenResponse
{
    // A token is renewed this long before it ends.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Reads an access token.</summary>
    /// <exception cref="BackendAuthException">The endpoint refused, or the answer holds no token.</exception>
    public static FetchedToken Read(int status, ReadOnlySpan<byte> body, TimeSpan defaultLife, DateTimeOffset now)
    {
        var root = Parse(status, body);
        double? expiresIn = null;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("expires_in", out var value))
        {
            // Some providers send the number as text.
            expiresIn = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) ? seconds
                : value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out seconds) ? seconds
                : null;
        }

        var token = Token(root, "access_token");
        var life = expiresIn is { } given ? TimeSpan.FromSeconds(Math.Clamp(given, 0, 86_400 * 365)) : defaultLife;
        return new FetchedToken(token, now + (life > Margin ? life - Margin : TimeSpan.Zero));
    }

    /// <summary>Reads a token from an answer that says the moment of its end.</summary>
    /// <exception cref="BackendAuthException">The endpoint refused, or the answer holds no token.</exception>
    public static FetchedToken Read(int status, ReadOnlySpan<byte> body, string tokenName, string endName, DateTimeOffset now)
    {
        var root = Parse(status, body);
        return new FetchedToken(
            Token(root, tokenName),
            DateTimeOffset.TryParse(Text(root, endName), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end - Margin : now);
    }

    /// <summary>Reads an identity token, which says itself when it ends.</summary>
    /// <exception cref="BackendAuthException">The endpoint refused, or the answer holds no token.</exception>
    public static FetchedToken ReadIdToken(int status, ReadOnlySpan<byte> body, string tokenName, DateTimeOffset now) =>
        IdToken(Token(Parse(status, body), tokenName), now);

    /// <summary>An identity token with its own end.</summary>
    /// <exception cref="BackendAuthException">It is none.</exception>
    public static FetchedToken IdToken(string token, DateTimeOffset now)
    {
        try
        {
            var end = new JsonWebToken(token).ValidTo;
            return new FetchedToken(Checked(token, "identity token"), end > DateTime.MinValue ? new DateTimeOffset(end, TimeSpan.Zero) - Margin : now);
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException)
        {
            throw new BackendAuthException("the identity token that was given cannot be read");
        }
    }

    private static JsonElement Parse(int status, ReadOnlySpan<byte> body)
    {
        JsonElement root = default;
        try
        {
            var reader = new Utf8JsonReader(body);
            root = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            // Judged by its status: an error page of a proxy is no JSON either.
        }

        var error = Text(root, "error");
        return status is >= 200 and <= 299 ? root : throw new BackendAuthException($"the token endpoint answered {status}{(IsErrorCode(error) ? $" ({error})" : "")}");
    }

    private static string Token(JsonElement root, string name) =>
        Text(root, name) is { Length: > 0 } token ? Checked(token, name) : throw new BackendAuthException($"the token endpoint's answer has no {name}");

    // A token goes into a header: nothing in it may end one.
    private static string Checked(string token, string name)
    {
        foreach (var c in token)
        {
            if (c is <= ' ' or > '~')
            {
                throw new BackendAuthException($"the {name} that was given holds characters that no token has");
            }
        }

        return token;
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
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

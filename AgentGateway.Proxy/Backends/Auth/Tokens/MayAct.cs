using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Tokens;

/// <summary>The claim <c>may_act</c> of a subject's token: who may act for the subject (RFC 8693, 4.4).</summary>
internal static class MayAct
{
    /// <summary>True when the claim of the subject's token names the actor: every member of it equals the claim of that name in the actor's token.</summary>
    public static bool Allows(string subjectToken, string actorToken)
    {
        using var subject = Payload(subjectToken);
        using var actor = Payload(actorToken);
        if (subject is null || actor is null
            || !subject.RootElement.TryGetProperty("may_act", out var named) || named.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var members = 0;
        foreach (var member in named.EnumerateObject())
        {
            members++;
            if (!actor.RootElement.TryGetProperty(member.Name, out var claim) || !JsonElement.DeepEquals(claim, member.Value))
            {
                return false;
            }
        }

        return members > 0;
    }

    private static JsonDocument? Payload(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(parts[1]));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return null;
        }
    }
}

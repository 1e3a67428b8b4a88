using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentGateway.Proxy.A2a;

/// <summary>
/// Agent cards (A2A specification, "Agent Discovery"), rewritten so that clients come back through the gateway: <c>url</c> of version 0.3 becomes
/// the address under which the card was asked for; each <c>supportedInterfaces[].url</c> of version 1.0 keeps its path relative to the card.
/// </summary>
internal static class AgentCard
{
    private const int MaxDepth = 64;
    private static readonly string[] Suffixes = ["/.well-known/agent-card.json", "/.well-known/agent.json"];

    // The document goes to a client as it is, not into a page: text stays as the agent wrote it.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What stands before the well-known part of a card's path; null when the path is of no card.</summary>
    public static string? BaseOf(ReadOnlySpan<char> path)
    {
        foreach (var suffix in Suffixes)
        {
            if (path.EndsWith(suffix, StringComparison.Ordinal))
            {
                return path[..^suffix.Length].ToString();
            }
        }

        return null;
    }

    /// <summary>Rewrites a card.</summary>
    /// <param name="card">The agent's card.</param>
    /// <param name="external">Address of the agent at the gateway, without a slash at its end.</param>
    /// <param name="agentBase">Path of the agent at the upstream, without a slash at its end.</param>
    /// <exception cref="FormatException">It is no agent card.</exception>
    public static byte[] Rewrite(ReadOnlySpan<byte> card, string external, string agentBase)
    {
        JsonElement root;
        try
        {
            var reader = new Utf8JsonReader(card, new JsonReaderOptions { MaxDepth = MaxDepth });
            root = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw new FormatException("the agent card is no JSON");
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("the agent card is no JSON object");
        }

        var hasUrl = root.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String;
        var hasInterfaces = root.TryGetProperty("supportedInterfaces", out var interfaces) && interfaces.ValueKind == JsonValueKind.Array;
        if (!hasUrl && !hasInterfaces)
        {
            throw new FormatException("the agent card has neither url nor supportedInterfaces");
        }

        var buffer = new ArrayBufferWriter<byte>(card.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                if (member.Name == "url" && hasUrl)
                {
                    writer.WriteString("url", external);
                }
                else if (member.Name == "supportedInterfaces" && hasInterfaces)
                {
                    writer.WriteStartArray("supportedInterfaces");
                    foreach (var entry in member.Value.EnumerateArray())
                    {
                        WriteInterface(writer, entry, external, agentBase);
                    }

                    writer.WriteEndArray();
                }
                else
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteInterface(Utf8JsonWriter writer, JsonElement entry, string external, string agentBase)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            entry.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in entry.EnumerateObject())
        {
            if (member.Name == "url" && member.Value.ValueKind == JsonValueKind.String &&
                Uri.TryCreate(member.Value.GetString(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                writer.WriteString("url", Anchor(address, external, agentBase));
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    // A path below the card's own base is moved with it, which undoes a prefix rewrite; any other is taken as it is below the agent.
    private static string Anchor(Uri address, string external, string agentBase)
    {
        var path = address.AbsolutePath;
        var relative = agentBase.Length > 0 && path.StartsWith(agentBase, StringComparison.Ordinal) && (path.Length == agentBase.Length || path[agentBase.Length] == '/')
            ? path[agentBase.Length..]
            : path;
        return external + (relative == "/" ? "" : relative) + address.Query;
    }
}

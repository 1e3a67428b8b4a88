using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One API key.</summary>
public sealed record ApiKey
{
    internal static Shape<ApiKey> Shape { get; } = Shapes.Object("ApiKey", "One API key.", Read);

    /// <summary>The key itself.</summary>
    public Secret? Key { get; init; }

    /// <summary>Its SHA-256 as <c>sha256:&lt;hex&gt;</c>.</summary>
    public string? KeyHash { get; init; }

    /// <summary>Free data, seen as <c>apiKey.&lt;field&gt;</c>.</summary>
    public JsonText? Metadata { get; init; }

    /// <summary>LLM models this key may use: exact, <c>prefix*</c>, <c>*suffix</c> or <c>*</c>.</summary>
    public EquatableArray<string>? AllowedModels { get; init; }

    private static ApiKey Read(ObjectReader r)
    {
        var v = new ApiKey
        {
            Key = r.Optional("key", SecretShape.Inline, "The key itself.", "secret-key-1"),
            KeyHash = r.Optional("keyHash", ValueShapes.KeyHash, "Its SHA-256 as `sha256:<hex>`."),
            Metadata = r.Optional("metadata", Shapes.AnyJson, "Free data, seen as `apiKey.<field>`.", "{user: alice}"),
            AllowedModels = r.OptionalValue("allowedModels", Shapes.List(ValueShapes.AllowedModel), "LLM models this key may use: exact, `prefix*`, `*suffix` or `*`.", "[\"gpt-*\"]"),
        };
        r.ExactlyOne("key", "keyHash");
        if (v.AllowedModels is { Length: > 1 } models && models.Contains("*"))
        {
            r.Error("allowedModels", "allowedModels cannot combine '*' with other values; keep `*` alone");
        }

        return v;
    }
}

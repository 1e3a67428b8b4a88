using System.Collections.Immutable;

namespace AgentGateway.Proxy.Policies.ApiKey;

/// <summary>The API key that a request was recognised by. Immutable and shared by all requests that carry the key.</summary>
/// <param name="key">The key as the client sent it; never written to logs or errors.</param>
/// <param name="metadataJson">Metadata of the key: a JSON object, <c>{}</c> when there is none.</param>
/// <param name="allowedModels">Model patterns the key may use (<c>exact</c>, <c>p*</c>, <c>*s</c>, <c>*</c>); empty allows all.</param>
internal sealed class ApiKeyIdentity(string key, ReadOnlyMemory<byte> metadataJson, ImmutableArray<string> allowedModels)
{
    /// <summary>Variable <c>apiKey.key</c>, shown redacted.</summary>
    public string Key { get; } = key;

    /// <summary>Members of the variable <c>apiKey</c>.</summary>
    public ReadOnlyMemory<byte> MetadataJson { get; } = metadataJson;

    public ImmutableArray<string> AllowedModels { get; } = allowedModels;

    /// <summary>Parsed form of <see cref="MetadataJson"/>, kept by the expression engine so that it is parsed once and not once a request.</summary>
    public object? ParsedMetadata;

    public override string ToString() => "<redacted>";
}

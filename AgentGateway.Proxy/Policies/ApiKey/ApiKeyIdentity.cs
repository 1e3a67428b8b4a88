using System.Collections.Immutable;
using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Proxy.Policies.ApiKey;

/// <summary>
/// The API key that a request was recognised by; in expressions the variable <c>apiKey</c>. Immutable and shared by all requests that carry the key.
/// </summary>
/// <param name="key">The key as the client sent it; never written to logs or errors.</param>
/// <param name="metadataJson">Metadata of the key: a JSON object, <c>{}</c> when there is none.</param>
/// <param name="allowedModels">Model patterns the key may use (<c>exact</c>, <c>p*</c>, <c>*s</c>, <c>*</c>); empty allows all.</param>
internal sealed class ApiKeyIdentity(string key, ReadOnlyMemory<byte> metadataJson, ImmutableArray<string> allowedModels) : CelObject
{
    private JsonMembers? _metadata;

    /// <summary>Variable <c>apiKey.key</c>, shown redacted.</summary>
    public string Key { get; } = key;

    public ReadOnlyMemory<byte> MetadataJson { get; } = metadataJson;

    public ImmutableArray<string> AllowedModels { get; } = allowedModels;

    public override CelObjectType Type => GatewayTypes.ApiKey;

    private JsonMembers Metadata => _metadata ??= new JsonMembers(MetadataJson);

    public override CelValue GetMember(int member) => member == ApiKeyMember.Key ? CelValue.FromSecret(Key) : default;

    public override CelValue GetDynamicMember(CelName name) => Metadata.Get(name);

    public override bool MoveNextDynamic(ref int cursor, out CelValue key, out CelValue value) => Metadata.MoveNext(ref cursor, out key, out value);

    public override string ToString() => "<redacted>";
}

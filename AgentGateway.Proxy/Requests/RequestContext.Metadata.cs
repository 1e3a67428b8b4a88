using AgentGateway.Cel;

namespace AgentGateway.Proxy.Requests;

// What transformations noted down for later expressions: the variable `metadata`.
internal sealed partial class RequestContext
{
    private Dictionary<string, CelValue>? _metadata;

    /// <summary>Variable <c>metadata</c>: a map, or null when nothing was noted.</summary>
    public CelValue Metadata => _metadata is not { Count: > 0 } metadata
        ? CelValue.Null
        : CelValue.FromEntries(metadata.Select(static entry => new KeyValuePair<CelValue, CelValue>(CelValue.FromString(entry.Key), entry.Value)));

    /// <summary>Notes a value; one of the same name is replaced.</summary>
    public void SetMetadata(string name, CelValue value) => (_metadata ??= new(StringComparer.Ordinal))[name] = value;
}

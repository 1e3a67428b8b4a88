using AgentGateway.Cel;

namespace AgentGateway.Proxy.Policies;

/// <summary>The members of a JSON object for expressions; none when it is no object. Immutable.</summary>
internal sealed class JsonMembers
{
    private readonly CelValue _object;
    private readonly KeyValuePair<CelValue, CelValue>[] _entries = [];

    public JsonMembers(ReadOnlyMemory<byte> json)
    {
        var value = CelValue.FromJson(json);
        if (value.Kind == CelKind.Map)
        {
            _object = value;
            var entries = new List<KeyValuePair<CelValue, CelValue>>();
            foreach (var entry in value.AsMap())
            {
                entries.Add(entry);
            }

            _entries = [.. entries];
        }
    }

    public CelValue Get(CelName name) => _entries.Length == 0 ? default : _object.AsMap().Get(name);

    public bool MoveNext(ref int cursor, out CelValue key, out CelValue value)
    {
        if (cursor < _entries.Length)
        {
            (key, value) = _entries[cursor++];
            return true;
        }

        key = value = default;
        return false;
    }
}

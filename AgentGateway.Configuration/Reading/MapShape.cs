using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A map with free keys, in the order of the document.</summary>
/// <typeparam name="T">What a value becomes.</typeparam>
internal sealed class MapShape<T>(Shape<T> value, string keyExample, Func<string, string?>? checkKey) : Shape<EquatableMap<T>>
{
    public override EquatableMap<T> Read(Place place)
    {
        if (place.Node is not MappingNode mapping)
        {
            place.WrongType("a mapping", "write its entries as `name: value`");
            return EquatableMap<T>.Empty;
        }

        if (mapping.Entries.Count == 0)
        {
            return EquatableMap<T>.Empty;
        }

        var entries = new List<KeyValuePair<string, T>>(mapping.Entries.Count);
        foreach (var entry in mapping.Entries)
        {
            if (checkKey?.Invoke(entry.Key) is { } problem)
            {
                place.Context.Error(place.Path.Key(entry.Key), entry.KeyPosition, $"invalid key `{Quoting.Shorten(entry.Key)}`: {problem}");
            }

            entries.Add(new KeyValuePair<string, T>(entry.Key, value.Read(place.Entry(entry))));
        }

        return new EquatableMap<T>(entries);
    }

    public override EquatableMap<T> Fallback(ReadContext context) => EquatableMap<T>.Empty;

    public override Description Describe(Catalogue catalogue) => new MapDescription(value.Describe(catalogue), keyExample);
}

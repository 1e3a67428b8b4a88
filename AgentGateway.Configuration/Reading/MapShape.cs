using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A map with free keys, in the order of the document.</summary>
/// <typeparam name="T">What a value becomes.</typeparam>
internal sealed class MapShape<T>(Shape<T> value, string keyExample, Func<string, string?>? checkKey) : Shape<EquatableMap<T>>
{
    public override EquatableMap<T> Read(Place place) => Read(place, value, checkKey);

    /// <summary>Reads a map for which there is no shape of its own.</summary>
    public static EquatableMap<T> Read(Place place, Shape<T> value, Func<string, string?>? checkKey)
    {
        if (place.Node is not MappingNode mapping)
        {
            place.WrongType("a mapping", "write its entries as `name: value`");
            return EquatableMap<T>.Empty;
        }

        if (mapping.Entries.Length == 0)
        {
            return EquatableMap<T>.Empty;
        }

        var entries = new KeyValuePair<string, T>[mapping.Entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = mapping.Entries[i];
            if (checkKey?.Invoke(entry.Key) is { } problem)
            {
                place.Context.Error(place.Path.Key(entry.Key), entry.KeyPosition, $"invalid key `{Quoting.Shorten(entry.Key)}`: {problem}");
            }

            entries[i] = new KeyValuePair<string, T>(entry.Key, value.Read(place.Entry(entry)));
        }

        return new EquatableMap<T>(entries);
    }

    public override EquatableMap<T> Fallback(ReadContext context) => EquatableMap<T>.Empty;

    public override Description Describe(Catalogue catalogue) => new MapDescription(value.Describe(catalogue), keyExample);
}

using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A mapping with known keys.</summary>
/// <typeparam name="T">What the mapping becomes.</typeparam>
internal sealed class ObjectShape<T>(string name, string doc, Func<ObjectReader, T> read) : Shape<T>
{
    public override T Read(Place place)
    {
        if (place.Node is not MappingNode mapping)
        {
            place.WrongType("a mapping", "write its entries as `key: value`");
            return Fallback(place.Context);
        }

        var reader = new ObjectReader(name, place, mapping);
        var value = read(reader);
        reader.Finish();
        return value;
    }

    public override T Fallback(ReadContext context)
    {
        var muted = context.Muted;
        context.Muted = true;
        var value = read(new ObjectReader(name, new Place(context, ConfigPath.Root, MappingNode.Empty), MappingNode.Empty));
        context.Muted = muted;
        return value;
    }

    public override Description Describe(Catalogue catalogue) =>
        catalogue.Add(name, doc, description =>
        {
            var context = new ReadContext(Loading.LoadOptions.ForDescription) { Muted = true };
            read(new ObjectReader(name, new Place(context, ConfigPath.Root, MappingNode.Empty), catalogue, description));
        });
}

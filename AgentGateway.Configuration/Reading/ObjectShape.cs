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
            return ReadNothing(new Place(place.Context, place.Path, new MappingNode(place.Node.Position, [])));
        }

        var reader = new ObjectReader(name, place, mapping);
        var value = read(reader);
        reader.Finish();
        return value;
    }

    public override T Fallback(ReadContext context) => ReadNothing(new Place(context, ConfigPath.Root, MappingNode.Empty));

    // The place tells what later checks of the value are about: nothing more is said about one that is known to be wrong.
    private T ReadNothing(Place place)
    {
        var context = place.Context;
        var muted = context.Muted;
        context.Muted = true;
        var value = read(new ObjectReader(name, place, (MappingNode)place.Node));
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

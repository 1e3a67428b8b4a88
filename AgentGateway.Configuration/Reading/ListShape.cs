using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A list of values of one shape.</summary>
/// <typeparam name="T">What an item becomes.</typeparam>
internal sealed class ListShape<T>(Shape<T> item, int minimum, int? maximum) : Shape<EquatableArray<T>>
{
    public override EquatableArray<T> Read(Place place)
    {
        if (place.Node is not SequenceNode sequence)
        {
            place.WrongType("a list", "write its items with `-`");
            return [];
        }

        if (sequence.Items.Count < minimum || sequence.Items.Count > maximum)
        {
            place.Error($"the list has {sequence.Items.Count} items; it needs {(maximum is null ? $"at least {minimum}" : $"{minimum} to {maximum}")}");
        }

        var items = new T[sequence.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = item.Read(place.Item(i, sequence.Items[i]));
        }

        return new EquatableArray<T>(items);
    }

    public override EquatableArray<T> Fallback(ReadContext context) => [];

    public override Description Describe(Catalogue catalogue) => new ListDescription(item.Describe(catalogue), minimum, maximum);
}

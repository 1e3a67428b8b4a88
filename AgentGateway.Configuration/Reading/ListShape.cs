using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A list of values of one shape.</summary>
/// <typeparam name="T">What an item becomes.</typeparam>
/// <param name="item">The shape.</param>
/// <param name="minimum">Least number of items.</param>
/// <param name="maximum">Largest number of items; null has no bound.</param>
/// <param name="remedy">What to write where a list is needed and something else stands.</param>
internal sealed class ListShape<T>(Shape<T> item, int minimum, int? maximum, string remedy = ListShape<T>.UsualRemedy) : Shape<EquatableArray<T>>
{
    private const string UsualRemedy = "write its items with `-`";

    public override EquatableArray<T> Read(Place place) => Read(place, item, minimum, maximum, remedy);

    /// <summary>Reads a list for which there is no shape of its own.</summary>
    public static EquatableArray<T> Read(Place place, Shape<T> item, int minimum, int? maximum, string remedy = UsualRemedy)
    {
        if (place.Node is not SequenceNode sequence)
        {
            place.WrongType("a list", remedy);
            return [];
        }

        if (sequence.Items.Length < minimum || sequence.Items.Length > maximum)
        {
            place.Error($"the list has {sequence.Items.Length} items; it needs {(maximum is null ? $"at least {minimum}" : $"{minimum} to {maximum}")}");
        }

        if (sequence.Items.Length == 0)
        {
            return [];
        }

        var items = new T[sequence.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = item.Read(place.Item(i, sequence.Items[i]));
        }

        return new EquatableArray<T>(items);
    }

    public override EquatableArray<T> Fallback(ReadContext context) => [];

    public override Description Describe(Catalogue catalogue) => new ListDescription(item.Describe(catalogue), minimum, maximum);
}

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

    // A list of more than twice as many is read on several processors.
    private const int ItemsOfAPart = 256;

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
        var parts = place.Context.IsPart ? 1 : Math.Min(items.Length / ItemsOfAPart, Environment.ProcessorCount);
        if (parts > 1)
        {
            ReadInParts(place, sequence, item, items, parts);
        }
        else
        {
            ReadRange(place, sequence, item, items, 0..items.Length);
        }

        return new EquatableArray<T>(items);
    }

    // Thousands of routes, mostly: the start of the gateway waits for them.
    private static void ReadInParts(Place place, SequenceNode sequence, Shape<T> item, T[] items, int parts)
    {
        var contexts = place.Context.Split(parts);
        Parallel.For(0, parts, part =>
        {
            var from = (int)((long)items.Length * part / parts);
            var to = (int)((long)items.Length * (part + 1) / parts);
            ReadRange(new Place(contexts[part], place.Path, sequence), sequence, item, items, from..to);
        });

        foreach (var context in contexts)
        {
            place.Context.Join(context);
        }
    }

    private static void ReadRange(Place place, SequenceNode sequence, Shape<T> item, T[] items, Range range)
    {
        for (var i = range.Start.Value; i < range.End.Value; i++)
        {
            items[i] = item.Read(place.Item(i, sequence.Items[i]));
        }
    }

    public override EquatableArray<T> Fallback(ReadContext context) => [];

    public override Description Describe(Catalogue catalogue) => new ListDescription(item.Describe(catalogue), minimum, maximum);
}

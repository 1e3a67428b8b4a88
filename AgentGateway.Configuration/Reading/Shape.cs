using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>
/// The one description of a kind of value: reads it strictly, and says what it looks like for the JSON schema and the reference page,
/// so that these cannot drift apart.
/// </summary>
/// <typeparam name="T">What the value becomes.</typeparam>
internal abstract class Shape<T>
{
    /// <summary>Reads the value; an error is recorded at its place and <see cref="Fallback"/> returned.</summary>
    public abstract T Read(Place place);

    /// <summary>A harmless value that stands in for one that could not be read, so that reading goes on and finds all errors.</summary>
    public abstract T Fallback(ReadContext context);

    /// <summary>Describes the value.</summary>
    public abstract Description Describe(Catalogue catalogue);
}

/// <summary>A shape over one scalar.</summary>
/// <typeparam name="T">What the value becomes.</typeparam>
/// <param name="fallback">Stands in for an unreadable value.</param>
internal abstract class ScalarShape<T>(T fallback) : Shape<T>
{
    public override T Read(Place place) =>
        place.Node is ScalarNode scalar && TryRead(scalar, place, out var value) ? value : Refuse(place);

    public override T Fallback(ReadContext context) => fallback;

    /// <summary>Reads the scalar; false when it has the wrong type, without recording anything.</summary>
    protected abstract bool TryRead(ScalarNode scalar, Place place, out T value);

    /// <summary>Says what is wanted instead, as in <c>a duration</c> and <c>write it as 30s</c>.</summary>
    protected abstract (string Expected, string Remedy) Wanted { get; }

    private T Refuse(Place place)
    {
        place.WrongType(Wanted.Expected, Wanted.Remedy);
        return fallback;
    }
}

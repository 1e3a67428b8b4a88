namespace AgentGateway.Configuration.Reading;

/// <summary>A value together with its place.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
internal sealed class LocatedShape<T>(Shape<T> inner) : Shape<Located<T>>
{
    public override Located<T> Read(Place place) => new(inner.Read(place), place.Location);

    public override Located<T> Fallback(ReadContext context) => new(inner.Fallback(context), SourceLocation.Document);

    public override Description Describe(Catalogue catalogue) => inner.Describe(catalogue);
}

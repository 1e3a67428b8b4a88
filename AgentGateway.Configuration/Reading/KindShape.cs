using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A value of several forms that its YAML kind tells apart.</summary>
/// <typeparam name="T">What the value becomes.</typeparam>
internal sealed class KindShape<T>(Shape<T>? scalar, Shape<T>? list, Shape<T>? mapping) : Shape<T>
{
    private Shape<T> First => mapping ?? list ?? scalar!;

    public override T Read(Place place)
    {
        var shape = place.Node switch
        {
            MappingNode => mapping,
            SequenceNode => list,
            _ => scalar,
        };
        if (shape is not null)
        {
            return shape.Read(place);
        }

        var forms = new List<string>(3);
        if (scalar is not null)
        {
            forms.Add("a plain value");
        }

        if (list is not null)
        {
            forms.Add("a list");
        }

        if (mapping is not null)
        {
            forms.Add("a mapping");
        }

        place.WrongType(string.Join(" or ", forms), "see the reference of this key");
        return Fallback(place.Context);
    }

    public override T Fallback(ReadContext context) => First.Fallback(context);

    public override Description Describe(Catalogue catalogue)
    {
        var forms = new List<Description>(3);
        foreach (var form in (Shape<T>?[])[scalar, list, mapping])
        {
            if (form is not null)
            {
                forms.Add(form.Describe(catalogue));
            }
        }

        return new UnionDescription(forms);
    }
}

/// <summary>A mapping of two forms that the presence of a key tells apart.</summary>
/// <typeparam name="T">What the value becomes.</typeparam>
internal sealed class KeyShape<T>(string key, Shape<T> present, Shape<T> absent) : Shape<T>
{
    public override T Read(Place place) => (place.Node is MappingNode mapping && mapping.Has(key) ? present : absent).Read(place);

    public override T Fallback(ReadContext context) => absent.Fallback(context);

    public override Description Describe(Catalogue catalogue) => new UnionDescription([absent.Describe(catalogue), present.Describe(catalogue)]);
}

/// <summary>The same value as another type.</summary>
/// <typeparam name="TFrom">What the inner shape reads.</typeparam>
/// <typeparam name="TTo">What the value becomes.</typeparam>
internal sealed class MappedShape<TFrom, TTo>(Shape<TFrom> inner, Func<TFrom, TTo> convert) : Shape<TTo>
{
    public override TTo Read(Place place) => convert(inner.Read(place));

    public override TTo Fallback(ReadContext context) => convert(inner.Fallback(context));

    public override Description Describe(Catalogue catalogue) => inner.Describe(catalogue);
}

using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>One of a few words. The first name of a value is the one that is shown.</summary>
/// <typeparam name="T">What the words become.</typeparam>
internal sealed class EnumShape<T>((string Name, T Value)[] values) : ScalarShape<T>(values[0].Value)
{
    public override Description Describe(Catalogue catalogue) => new ScalarDescription("enum", ["string"], values[0].Name)
    {
        Values = [.. values.Select(static v => v.Name)],
    };

    protected override (string Expected, string Remedy) Wanted => ($"one of {Names}", "write one of them");

    private string Names => string.Join(", ", values.Select(static v => v.Name));

    protected override bool TryRead(ScalarNode scalar, Place place, out T value)
    {
        value = values[0].Value;
        if (scalar.Kind == ScalarKind.Null)
        {
            return false;
        }

        // A value such as 1.1 is a number without quotes and still the word that is meant.
        foreach (var (name, known) in values)
        {
            if (string.Equals(name, scalar.Text, StringComparison.Ordinal))
            {
                value = known;
                return true;
            }
        }

        if (scalar.Kind != ScalarKind.Text)
        {
            return false;
        }

        var nearest = scalar.FromEnvironment ? null : DidYouMean.Nearest(scalar.Text, values.Select(static v => v.Name));
        place.Error($"unknown value{(place.IsSecretHolder ? "" : $" `{scalar.Shown}`")}, expected one of {Names}{(nearest is null ? "" : $"; did you mean `{nearest}`?")}");
        return true;
    }
}

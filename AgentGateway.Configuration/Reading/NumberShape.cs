using System.Globalization;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A number in a range.</summary>
internal sealed class NumberShape(double minimum, double maximum, string example) : ScalarShape<double>(default)
{
    public override Description Describe(Catalogue catalogue) => new ScalarDescription("number", ["number"], example)
    {
        Minimum = (decimal)minimum,
        Maximum = (decimal)maximum,
    };

    protected override (string Expected, string Remedy) Wanted => ("a number", Remedy);

    private string Remedy => string.Create(CultureInfo.InvariantCulture, $"write a number from {minimum} to {maximum}");

    protected override bool TryRead(ScalarNode scalar, Place place, out double value)
    {
        value = minimum;
        if (scalar.Kind is not (ScalarKind.Integer or ScalarKind.Number))
        {
            return false;
        }

        if (double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
        {
            value = number;
        }
        else
        {
            place.Error($"invalid value: number `{scalar.Shown}` is out of range; {Remedy}");
        }

        return true;
    }
}

using System.Globalization;
using System.Numerics;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A whole number in a range.</summary>
/// <typeparam name="T">Integer type.</typeparam>
internal sealed class IntegerShape<T>(T minimum, T maximum, string example) : ScalarShape<T>(default)
    where T : struct, IBinaryInteger<T>
{
    public override Description Describe(Catalogue catalogue) => new ScalarDescription("integer", ["integer"], example)
    {
        Minimum = decimal.CreateChecked(minimum),
        Maximum = decimal.CreateChecked(maximum),
    };

    protected override (string Expected, string Remedy) Wanted => ("an integer", $"write a whole number from {minimum} to {maximum}");

    protected override bool TryRead(ScalarNode scalar, Place place, out T value)
    {
        value = minimum;
        if (scalar.Kind != ScalarKind.Integer)
        {
            return false;
        }

        if (T.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var usual) && usual >= minimum && usual <= maximum)
        {
            value = usual;
        }
        else if (TryParse(scalar.Text, out var number) && number >= BigInteger.CreateChecked(minimum) && number <= BigInteger.CreateChecked(maximum))
        {
            value = T.CreateChecked(number);
        }
        else
        {
            place.Error($"invalid value: integer `{scalar.Shown}` is out of range; write a whole number from {minimum} to {maximum}");
        }

        return true;
    }

    private static bool TryParse(string text, out BigInteger number)
    {
        number = BigInteger.Zero;
        if (text.Length > 40)
        {
            return false;
        }

        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        if (text.StartsWith("0o", StringComparison.Ordinal))
        {
            foreach (var digit in text.AsSpan(2))
            {
                number = (number * 8) + (digit - '0');
            }

            return true;
        }

        return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}

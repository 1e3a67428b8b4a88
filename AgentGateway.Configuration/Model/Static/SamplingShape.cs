using System.Globalization;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>A sampling decision: boolean, probability or expression.</summary>
internal sealed class SamplingShape() : ScalarShape<SamplingRule>(new SamplingRule(0))
{
    public static Shape<SamplingRule> Shape { get; } = new SamplingShape();

    public override Description Describe(Catalogue catalogue) => new ScalarDescription("sampling", ["boolean", "number", "string"], "true");

    protected override (string Expected, string Remedy) Wanted => ("a sampling decision", "write true, false, a number from 0 to 1 or an expression");

    protected override bool TryRead(ScalarNode scalar, Place place, out SamplingRule value)
    {
        value = new SamplingRule(0);
        switch (scalar.Text)
        {
            case "true" or "True" or "TRUE":
                value = new SamplingRule(1);
                return true;
            case "false" or "False" or "FALSE":
                return true;
        }

        if (scalar.Kind == ScalarKind.Null)
        {
            return false;
        }

        if (double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            if (number is >= 0 and <= 1)
            {
                value = new SamplingRule(number);
            }
            else
            {
                place.Error($"invalid value: sampling probability `{scalar.Shown}` is out of range; write a number from 0 to 1");
            }

            return true;
        }

        value = new SamplingRule(0, Expression.Shape.Read(place));
        return true;
    }
}

using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>true or false.</summary>
internal sealed class FlagShape() : ScalarShape<bool>(false)
{
    public override Description Describe(Catalogue catalogue) => new ScalarDescription("boolean", ["boolean"], "true");

    protected override (string Expected, string Remedy) Wanted => ("a boolean", "write true or false without quotes");

    protected override bool TryRead(ScalarNode scalar, Place place, out bool value)
    {
        value = scalar.Text is ['t' or 'T', ..];
        return scalar.Kind == ScalarKind.Boolean;
    }
}

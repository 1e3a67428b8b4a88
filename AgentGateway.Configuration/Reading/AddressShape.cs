using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Reading;

/// <summary>An address of an upstream.</summary>
internal sealed class AddressShape() : ScalarShape<TargetAddress>(new TargetAddress("localhost", 1))
{
    public static Shape<TargetAddress> Target { get; } = new AddressShape();

    public override Description Describe(Catalogue catalogue) => new ScalarDescription("address", ["string"], "localhost:8080");

    protected override (string Expected, string Remedy) Wanted => ("an address", "write it as host:port, ip:port, [v6]:port or unix:/path");

    protected override bool TryRead(ScalarNode scalar, Place place, out TargetAddress value)
    {
        value = new TargetAddress("localhost", 1);
        if (scalar.Kind != ScalarKind.Text)
        {
            return false;
        }

        if (TargetAddress.TryParse(scalar.Text, out var address))
        {
            value = address;
        }
        else
        {
            place.Error($"invalid host:port `{scalar.Shown}`; write it as host:port, ip:port, [v6]:port or unix:/path");
        }

        return true;
    }
}

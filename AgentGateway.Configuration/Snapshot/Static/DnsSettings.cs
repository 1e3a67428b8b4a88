using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>DNS resolution.</summary>
public sealed record DnsSettings
{
    internal static Shape<DnsSettings> Shape { get; } = Shapes.Object("DnsSettings", "DNS resolution.", Read);

    /// <summary>Address families that are looked up. Overridden by <c>DNS_LOOKUP_FAMILY</c>.</summary>
    public DnsLookupFamily? LookupFamily { get; init; }

    /// <summary>Use EDNS0. Overridden by <c>DNS_EDNS0</c>.</summary>
    public bool? Edns0 { get; init; }

    private static DnsSettings Read(ObjectReader r)
    {
        var settings = new DnsSettings
        {
            LookupFamily = r.OptionalValue("lookupFamily", EnumShapes.DnsLookupFamilyWords, "Address families that are looked up. Overridden by `DNS_LOOKUP_FAMILY`."),
            Edns0 = r.OptionalValue("edns0", Shapes.Flag, "Use EDNS0. Overridden by `DNS_EDNS0`."),
        };

        // The system's resolver decides that by itself (resolv.conf, options edns0).
        if (settings.Edns0 is true)
        {
            r.NotSupportedYet("edns0");
        }

        return settings;
    }
}

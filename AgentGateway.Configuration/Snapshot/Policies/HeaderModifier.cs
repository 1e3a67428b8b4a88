using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes headers.</summary>
public sealed record HeaderModifier
{
    internal static Shape<HeaderModifier> Shape { get; } = Shapes.Object("HeaderModifier", "Changes headers.", Read);

    /// <summary>Headers to append.</summary>
    public EquatableMap<string> Add { get; init; } = EquatableMap<string>.Empty;

    /// <summary>Headers to set, replacing what is there. <c>host</c> sets the authority.</summary>
    public EquatableMap<string> Set { get; init; } = EquatableMap<string>.Empty;

    /// <summary>Headers to remove.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    private static HeaderModifier Read(ObjectReader r)
    {
        var v = ReadKeys(r);
        foreach (var (section, map) in (ReadOnlySpan<(string, EquatableMap<string>)>)[("add", v.Add), ("set", v.Set)])
        {
            foreach (var (name, value) in map)
            {
                if ((name == ":authority" || name.Equals("host", StringComparison.OrdinalIgnoreCase)) && !HeaderShapes.IsAuthority(value) && !r.IsWrong(section))
                {
                    r.Error(section, name, $"invalid authority `{Quoting.Shorten(value)}`: write a host name, with a port if need be");
                }
            }
        }

        return v;
    }

    private static HeaderModifier ReadKeys(ObjectReader r) => new()
    {
        Add = r.HeaderMap("add", HeaderShapes.Value, "Headers to append.", "x-gateway", "agentgateway"),
        Set = r.HeaderMap("set", HeaderShapes.Value, "Headers to set, replacing what is there. `host` sets the authority.", "x-gateway", "agentgateway"),
        Remove = r.List("remove", HeaderShapes.Name, "Headers to remove."),
    };
}

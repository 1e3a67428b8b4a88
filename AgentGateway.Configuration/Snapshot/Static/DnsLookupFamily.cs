namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Address families that are looked up.</summary>
public enum DnsLookupFamily
{
    /// <summary>What the machine has.</summary>
    Auto,

    /// <summary>Both.</summary>
    All,

    /// <summary>IPv4 first.</summary>
    V4Preferred,

    /// <summary>IPv4 only.</summary>
    V4Only,

    /// <summary>IPv6 only.</summary>
    V6Only,
}

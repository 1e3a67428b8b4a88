namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Where the admin page stores changes.</summary>
public enum ConfigStoreMode
{
    /// <summary>In the configuration file.</summary>
    File,

    /// <summary>In file and database.</summary>
    Hybrid,

    /// <summary>Nowhere.</summary>
    ReadOnly,
}

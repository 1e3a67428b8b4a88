using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>The request database.</summary>
public sealed record DatabaseSettings
{
    internal static Shape<DatabaseSettings> Shape { get; } = Shapes.Object("DatabaseSettings", "The request database.", Read);

    /// <summary>Address of the database.</summary>
    public required Secret Url { get; init; }

    /// <summary>Most connections.</summary>
    public int MaxConnections { get; init; } = 5;

    private static DatabaseSettings Read(ObjectReader r) => new()
    {
        Url = r.Required("url", ValueShapes.DatabaseUrl, "Address of the database.", "sqlite://data.db"),
        MaxConnections = r.Value("maxConnections", Shapes.Int(1, 10000, "5"), 5, "Most connections.", "5"),
    };
}

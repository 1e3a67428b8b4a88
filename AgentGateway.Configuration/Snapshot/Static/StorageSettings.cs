using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Where the admin page stores changes.</summary>
public sealed record StorageSettings
{
    internal static Shape<StorageSettings> Shape { get; } = Shapes.Object("StorageSettings", "Where the admin page stores changes.", Read);

    /// <summary>Where. Overridden by <c>UI_READ_ONLY</c>.</summary>
    public ConfigStoreMode Mode { get; init; }

    private static StorageSettings Read(ObjectReader r) => new()
    {
        Mode = r.Value("mode", EnumShapes.ConfigStoreModeWords, ConfigStoreMode.File, "Where. Overridden by `UI_READ_ONLY`.", "file"),
    };
}

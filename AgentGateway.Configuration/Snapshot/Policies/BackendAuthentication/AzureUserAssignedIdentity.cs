using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A user-assigned identity; exactly one way to name it.</summary>
public sealed record AzureUserAssignedIdentity
{
    internal static Shape<AzureUserAssignedIdentity> Shape { get; } = Shapes.Object("AzureUserAssignedIdentity", "A user-assigned identity; exactly one way to name it.", Read);

    /// <summary>By client id.</summary>
    public string? ClientId { get; init; }

    /// <summary>By object id.</summary>
    public string? ObjectId { get; init; }

    /// <summary>By resource id.</summary>
    public string? ResourceId { get; init; }

    private static AzureUserAssignedIdentity Read(ObjectReader r)
    {
        var v = new AzureUserAssignedIdentity
        {
            ClientId = r.Optional("clientId", Shapes.NonEmptyText, "By client id.", "00000000-0000-0000-0000-000000000000"),
            ObjectId = r.Optional("objectId", Shapes.NonEmptyText, "By object id."),
            ResourceId = r.Optional("resourceId", Shapes.NonEmptyText, "By resource id."),
        };
        r.ExactlyOne("clientId", "objectId", "resourceId");
        return v;
    }
}

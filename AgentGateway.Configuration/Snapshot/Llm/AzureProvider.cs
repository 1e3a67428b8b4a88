using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Azure OpenAI or Azure AI Foundry.</summary>
public sealed record AzureProvider
{
    internal static Shape<AzureProvider> Shape { get; } = Shapes.Object("AzureProvider", "Azure OpenAI or Azure AI Foundry.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    /// <summary>Resource.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Kind of resource.</summary>
    public required AzureResourceType ResourceType { get; init; }

    /// <summary>Version of the API.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Foundry project.</summary>
    public string? ProjectName { get; init; }

    private static AzureProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "gpt-4o-mini"),
        ResourceName = r.Required("resourceName", Shapes.NonEmptyText, "Resource.", "my-resource"),
        ResourceType = r.Required("resourceType", EnumShapes.AzureResourceTypeWords, "Kind of resource."),
        ApiVersion = r.Optional("apiVersion", Shapes.NonEmptyText, "Version of the API.", "v1"),
        ProjectName = r.Optional("projectName", Shapes.NonEmptyText, "Foundry project.", "my-project"),
    };
}

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Kind of Azure resource.</summary>
public enum AzureResourceType
{
    /// <summary>Azure OpenAI.</summary>
    OpenAI,

    /// <summary>Azure AI Foundry.</summary>
    Foundry,
}

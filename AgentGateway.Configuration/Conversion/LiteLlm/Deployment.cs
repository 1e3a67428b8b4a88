using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>One entry of <c>model_list</c>, converted; it still needs a name.</summary>
/// <param name="Group">Name that clients ask for.</param>
/// <param name="Model">Keys of an entry of <c>llm.models</c> after its name.</param>
/// <param name="Weight">Relative weight among deployments of the group, when one was set.</param>
/// <param name="Order">Priority in the group, when one was set.</param>
internal sealed record Deployment(string Group, MappingNode Model, int? Weight, int? Order)
{
    /// <summary>True for a pattern.</summary>
    public bool IsWildcard => Group.Contains('*', StringComparison.Ordinal);
}

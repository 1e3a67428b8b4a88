namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A policy that is chosen by conditions: the first entry whose condition holds applies. A plain policy is one entry without condition.</summary>
/// <typeparam name="T">The policy.</typeparam>
/// <param name="Entries">1 to 64 entries; one without condition is the last.</param>
public sealed record Conditional<T>(EquatableArray<ConditionalEntry<T>> Entries) : PolicySnapshot
{
    /// <inheritdoc/>
    public override Type Kind => typeof(T);
}


/// <summary>One choice of a conditional policy.</summary>
/// <typeparam name="T">The policy.</typeparam>
/// <param name="Condition">Holds when the policy applies; null always holds.</param>
/// <param name="Policy">The policy.</param>
public sealed record ConditionalEntry<T>(Expression? Condition, T Policy);


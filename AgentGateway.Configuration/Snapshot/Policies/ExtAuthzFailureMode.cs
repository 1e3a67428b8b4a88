namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What happens when an external authorization service cannot be asked.</summary>
/// <param name="Allow">True lets the request pass.</param>
/// <param name="Status">Status of the refusal; 403 by default.</param>
public sealed record ExtAuthzFailureMode(bool Allow, int Status);

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the path of a request or redirect is changed.</summary>
/// <param name="Prefix">True replaces the prefix that the route matched, false the whole path.</param>
/// <param name="Value">New path or prefix.</param>
public sealed record PathRewrite(bool Prefix, string Value)
{
}

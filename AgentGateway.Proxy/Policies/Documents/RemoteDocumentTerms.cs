namespace AgentGateway.Proxy.Policies.Documents;

/// <summary>How a kind of document is fetched.</summary>
/// <param name="Life">How long it is fresh when the server does not say.</param>
/// <param name="MaxLength">Largest body that is read, in bytes.</param>
/// <param name="Accept">Media types to ask for.</param>
internal sealed record RemoteDocumentTerms(TimeSpan Life, int MaxLength, string Accept)
{
    /// <summary>Key sets and discovery documents.</summary>
    public static RemoteDocumentTerms Keys { get; } = new(TimeSpan.FromMinutes(15), 1024 * 1024, "application/json");
}

namespace AgentGateway.Proxy.Policies.Documents;

/// <summary>A document that has to be fetched once before a configuration that names it may serve.</summary>
internal interface IRemoteDocument
{
    /// <summary>Completes once there is content.</summary>
    /// <exception cref="RemoteDocumentException">It could not be fetched.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);
}

namespace AgentGateway.McpFetch.Fetching;

/// <summary>Gets a page over the network.</summary>
internal interface IPageFetcher
{
    /// <summary>Fetches <paramref name="url"/>, following redirects.</summary>
    /// <exception cref="FetchException">It could not be fetched.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    Task<FetchedPage> FetchAsync(Uri url, CancellationToken cancellationToken);
}

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>A duplex stream whose sending side can be ended while the other goes on.</summary>
internal interface IHalfClosable
{
    /// <summary>Ends the sending side. A failure closes the stream, and so does <paramref name="cancellationToken"/>.</summary>
    ValueTask CompleteWritesAsync(CancellationToken cancellationToken);
}

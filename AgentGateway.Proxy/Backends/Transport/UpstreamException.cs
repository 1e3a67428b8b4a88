namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>An attempt to call an upstream failed. The message is fit for the client: it names no header values.</summary>
internal sealed class UpstreamException : Exception
{
    public UpstreamException(UpstreamFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    public UpstreamFailure Failure { get; }
}

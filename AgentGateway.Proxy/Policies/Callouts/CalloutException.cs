namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>A callout failed; the message is fit for logs, it holds no header values.</summary>
internal sealed class CalloutException : Exception
{
    public CalloutException(string message)
        : base(message)
    {
    }

    public CalloutException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

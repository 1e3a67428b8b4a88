namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>The gateway could not authenticate to a backend. The message goes to the client: it holds no secret.</summary>
internal sealed class BackendAuthException : Exception
{
    public BackendAuthException(string message)
        : base(message)
    {
    }

    public BackendAuthException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>How the end of a response body is found (RFC 9112, 6.3).</summary>
internal enum BodyFraming
{
    None,
    Length,
    Chunked,
    UntilClose,
}

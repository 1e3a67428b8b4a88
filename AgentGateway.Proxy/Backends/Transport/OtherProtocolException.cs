namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>The upstream chose a protocol (ALPN) that the client which asked for the connection does not speak. Nothing of the request was sent.</summary>
internal sealed class OtherProtocolException() : Exception("the upstream chose another protocol");

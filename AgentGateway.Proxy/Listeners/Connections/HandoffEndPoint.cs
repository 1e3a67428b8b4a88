using System.Net;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>An endpoint without a socket: its connections are handed over by the port's dispatcher once their protocol is known.</summary>
/// <param name="name">Name for messages, such as <c>bind/3000 HTTP/2</c>.</param>
internal sealed class HandoffEndPoint(string name) : EndPoint
{
    public override string ToString() => name;
}

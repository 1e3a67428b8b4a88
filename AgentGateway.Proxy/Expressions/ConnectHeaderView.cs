using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Expressions;

/// <summary><c>source.connectHeaders</c>: the headers of the CONNECT request that opened the tunnel.</summary>
internal sealed class ConnectHeaderView(IHeaderDictionary headers) : HeaderDictionaryView
{
    protected override IHeaderDictionary Headers => headers;
}

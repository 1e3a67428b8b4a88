using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Expressions;

/// <summary><c>source.connectHeaders</c>: the headers of the CONNECT request that opened the tunnel.</summary>
internal sealed class ConnectHeaderView(IHeaderDictionary headers, FrozenSet<string> sensitive) : HeaderDictionaryView
{
    protected override IHeaderDictionary Headers => headers;

    public override bool IsSensitive(string name) => base.IsSensitive(name) || sensitive.Contains(name);
}

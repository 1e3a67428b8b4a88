using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Expressions;

/// <summary><c>request.headers</c> or <c>response.headers</c>.</summary>
internal sealed class MessageHeaderView(RequestContext context, bool ofResponse) : HeaderDictionaryView
{
    protected override IHeaderDictionary Headers => ofResponse ? context.Http.Response.Headers : context.Http.Request.Headers;

    public override bool IsSensitive(string name) => base.IsSensitive(name) || context.Services.SensitiveHeaders.Contains(name);
}

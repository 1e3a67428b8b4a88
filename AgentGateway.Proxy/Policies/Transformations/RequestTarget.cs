using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Transformations;

/// <summary>The request of the client.</summary>
internal sealed class RequestTarget(RequestContext context) : TransformTarget
{
    public override IHeaderDictionary Headers => context.Http.Request.Headers;

    public override string? SetPseudo(string name, string value)
    {
        switch (name)
        {
            case ":method":
                context.Http.Request.Method = CheckMethod(value) is null ? value : context.Http.Request.Method;
                return CheckMethod(value);
            case ":path":
                context.Target = CheckPath(value) is null ? value : context.Target;
                return CheckPath(value);
            case ":authority":
                if (CheckAuthority(value) is { } problem)
                {
                    return problem;
                }

                context.Authority = value;
                context.KeepAuthority = true;
                return null;
            case ":scheme":
                if (value is not ("http" or "https"))
                {
                    return ":scheme is neither http nor https";
                }

                context.Scheme = value;
                return null;
            default:
                return null;
        }
    }
}

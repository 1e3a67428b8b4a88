using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Rewrite;

/// <summary>Policy <c>urlRewrite</c>: changes authority and path before the request goes upstream; the query is kept.</summary>
internal sealed class UrlRewriteHandler(UrlRewrite settings) : IRequestPolicy
{
    private readonly AuthorityRewriter? _authority = settings.Authority is null ? null : new AuthorityRewriter(settings.Authority);
    private readonly PathRewriter? _path = settings.Path is null ? null : new PathRewriter(settings.Path);

    // An explicit authority, and an explicit wish for none, end the automatic host name of the backend.
    private readonly bool? _keep = settings.Authority is null ? null : settings.Authority.Kind != AuthorityRewriteKind.Auto;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        if (_path is not null)
        {
            if (_path.Rewrite(context) is not { } path)
            {
                return new(GatewayReply.FilterFailed("urlRewrite.path.prefix needs a route that was matched by pathPrefix"));
            }

            context.Target = PathRewriter.WithQuery(path, context.Query);
        }

        if (_authority is not null)
        {
            var authority = _authority.Rewrite(context.Authority, context.Scheme, context.Scheme);
            if (!ReferenceEquals(authority, context.Authority))
            {
                context.Authority = authority;
            }
        }

        context.KeepAuthority = _keep ?? context.KeepAuthority;
        return default;
    }
}

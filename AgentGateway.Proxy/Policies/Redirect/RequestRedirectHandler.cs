using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies.Rewrite;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Net.Http.Headers;

namespace AgentGateway.Proxy.Policies.Redirect;

/// <summary>Policy <c>requestRedirect</c>, of a route and of a backend: what the settings leave out is taken from the request; the query is kept.</summary>
internal sealed class RequestRedirectHandler(RequestRedirect settings) : IRequestPolicy, IBackendPolicy
{
    private readonly AuthorityRewriter? _authority = settings.Authority is null ? null : new AuthorityRewriter(settings.Authority);
    private readonly PathRewriter? _path = settings.Path is null ? null : new PathRewriter(settings.Path);

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context) => new(Redirect(context));

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt) => new(Redirect(context));

    private GatewayReply Redirect(RequestContext context)
    {
        var scheme = settings.Scheme ?? context.Scheme;
        var authority = _authority is null
            ? AuthorityRewriter.WithoutDefaultPort(context.Authority, context.Scheme, scheme)
            : _authority.Rewrite(context.Authority, context.Scheme, scheme);
        var path = _path is null ? context.Path.ToString() : _path.Rewrite(context);
        if (path is null)
        {
            return GatewayReply.FilterFailed("requestRedirect.path.prefix needs a route that was matched by pathPrefix");
        }

        if (authority.Length == 0)
        {
            // HTTP/1.0 without Host: there is no authority to redirect to.
            return GatewayReply.InvalidRequest;
        }

        return new GatewayReply
        {
            Status = settings.Status,
            Reason = ResponseReason.DirectResponse,
            ContentType = null,
            Headers = [new(HeaderNames.Location, string.Concat(scheme, "://", authority, PathRewriter.WithQuery(path, context.Query)))],
        };
    }
}

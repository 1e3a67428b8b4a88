using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>request</c>.</summary>
internal sealed class RequestObject(RequestContext context) : CelObject
{
    private static readonly CelValue NotKept = CelValue.FromError(CelErrorCode.NoSuchKey, "no such key: body (it was not kept, or is larger than the buffering limit)");

    private readonly MessageHeaderView _headers = new(context, ofResponse: false);

    public override CelObjectType Type => GatewayTypes.Request;

    public override CelValue GetMember(int member)
    {
        var request = context.Http.Request;
        return member switch
        {
            RequestMember.Method => CelValue.FromString(request.Method),
            RequestMember.Uri => CelValue.FromString(string.Concat(context.Scheme, "://", context.Authority, context.Target)),
            RequestMember.Host => CelValue.FromString(context.HostName.ToString()),
            RequestMember.Scheme => CelValue.FromString(context.Scheme),
            RequestMember.Path => CelValue.FromString(context.Path.ToString()),
            RequestMember.PathAndQuery => CelValue.FromString(context.Target),
            RequestMember.Version => CelValue.FromString(request.Protocol),
            RequestMember.Headers => CelValue.FromMap(_headers),
            RequestMember.Body => context.KeptBody is { } body && context.IsKeptBodyWhole ? CelValue.FromBytes(body) : NotKept,
            RequestMember.BodyPrefix => context.KeptBody is { } prefix ? CelValue.FromBytes(prefix) : NotKept,
            RequestMember.StartTime => CelValue.FromTimestamp(context.StartTime),
            RequestMember.EndTime => context.Record.EndTime is { } end ? CelValue.FromTimestamp(end) : default,
            _ => default,
        };
    }
}

using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>response</c>: the response to the client as it stands now.</summary>
internal sealed class ResponseObject(RequestContext context) : CelObject
{
    private static readonly CelValue NotKept = CelValue.FromError(CelErrorCode.NoSuchKey, "no such key: body (it was not kept, or is larger than the buffering limit)");

    private readonly MessageHeaderView _headers = new(context, ofResponse: true);

    public override CelObjectType Type => GatewayTypes.Response;

    public override CelValue GetMember(int member) => member switch
    {
        ResponseMember.Code => CelValue.FromUint((ulong)context.Http.Response.StatusCode),
        ResponseMember.GrpcStatus => context.Record.GrpcStatus is { } status ? CelValue.FromInt(status) : default,
        ResponseMember.Headers => CelValue.FromMap(_headers),
        ResponseMember.Body => context.ResponseBodyIsWhole ? CelValue.FromBytes(context.ResponseBody) : NotKept,
        ResponseMember.BodyPrefix => CelValue.FromBytes(context.ResponseBody),
        _ => default,
    };
}

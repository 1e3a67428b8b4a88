using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>
/// The variables of expressions over a request under way, as it stands now (specification telemetry-cel 3.2). One instance belongs to one
/// <see cref="RequestContext"/>; its objects look into the context when they are asked and keep nothing.
/// </summary>
internal sealed class RequestVariables : ICelActivation
{
    private static readonly CelValue Environment = CelValue.FromMap(EnvironmentVariables.OfProcess);

    private readonly RequestContext _context;
    private readonly CelValue _request;
    private readonly CelValue _response;
    private readonly CelValue _source;
    private readonly CelValue _destination;
    private readonly CelValue _basicAuth;
    private readonly CelValue _proxy;
    private readonly CelValue _mcp;
    private readonly CelValue _backend;
    private readonly CelValue _trace;

    public RequestVariables(RequestContext context)
    {
        _context = context;
        _request = CelValue.FromMap(new RequestObject(context));
        _response = CelValue.FromMap(new ResponseObject(context));
        _source = CelValue.FromMap(new SourceObject(context));
        _destination = CelValue.FromMap(new DestinationObject(context));
        _basicAuth = CelValue.FromMap(new BasicAuthObject(context));
        _proxy = CelValue.FromMap(new ProxyObject(context));
        _mcp = CelValue.FromMap(new McpObject(context));
        _backend = CelValue.FromMap(new BackendObject(context));
        _trace = CelValue.FromMap(new TraceObject(context));
    }

    public CelValue GetVariable(int slot)
    {
        var record = _context.Record;
        return slot switch
        {
            GatewayVariables.Request => _request,
            GatewayVariables.Response => _context.HasResponseHead ? _response : CelValue.Null,
            GatewayVariables.Metadata => _context.Metadata,
            GatewayVariables.Source => _source,
            GatewayVariables.Destination => _destination,
            GatewayVariables.Env => Environment,
            GatewayVariables.Proxy => _proxy,
            GatewayVariables.Mcp => record.McpMethod is null ? CelValue.Null : _mcp,
            GatewayVariables.Backend => record.Backend is null ? CelValue.Null : _backend,
            GatewayVariables.Trace => record.Own.IsEmpty ? CelValue.Null : _trace,
            GatewayVariables.Jwt => record.Jwt is { } jwt ? CelValue.FromMap(jwt) : CelValue.Null,
            GatewayVariables.ApiKey => record.ApiKey is { } key ? CelValue.FromMap(key) : CelValue.Null,
            GatewayVariables.BasicAuth => record.BasicAuthUsername is not null ? _basicAuth : CelValue.Null,
            GatewayVariables.Extauthz => record.ExtAuthzMetadata.IsEmpty ? CelValue.Null : CelValue.FromJson(record.ExtAuthzMetadata),
            _ => CelValue.Null,
        };
    }
}

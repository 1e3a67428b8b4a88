using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentGateway.Cel;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Transformations;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>A service that is asked by a plain HTTP request: 2xx allows.</summary>
internal sealed class HttpAuthzService : IAuthzService
{
    private readonly CalloutTarget _target;
    private readonly CalloutHttp _callouts;
    private readonly string[] _includedHeaders;
    private readonly string[] _copiedHeaders;
    private readonly CelProgram? _path;
    private readonly CelProgram? _redirect;
    private readonly CelProgram? _body;
    private readonly KeyValuePair<string, CelProgram>[] _addedHeaders;
    private readonly KeyValuePair<string, CelProgram>[] _metadata;

    public HttpAuthzService(CalloutTarget target, Configuration.Snapshot.Policies.ExtAuthz settings, CalloutHttp callouts)
    {
        var http = settings.Protocol!.Http!;
        _target = target;
        _callouts = callouts;
        _includedHeaders = settings.IncludeRequestHeaders is { } included ? [.. included] : ["authorization"];
        _copiedHeaders = [.. http.IncludeResponseHeaders];
        _path = http.Path is { } path ? RequestExpressions.Compile(path) : null;
        _redirect = http.Redirect is { } redirect ? RequestExpressions.Compile(redirect) : null;
        _body = http.Body is { } body ? RequestExpressions.Compile(body) : null;
        _addedHeaders = Compile(http.AddRequestHeaders);
        _metadata = Compile(http.Metadata);
    }

    public IEnumerable<CelProgram> Expressions
    {
        get
        {
            var programs = new List<CelProgram>();
            foreach (var program in (ReadOnlySpan<CelProgram?>)[_path, _redirect, _body])
            {
                if (program is not null)
                {
                    programs.Add(program);
                }
            }

            programs.AddRange(Array.ConvertAll(_addedHeaders, static entry => entry.Value));
            programs.AddRange(Array.ConvertAll(_metadata, static entry => entry.Value));
            return programs;
        }
    }

    public async Task<AuthzDecision> CheckAsync(RequestContext context, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var client = _target.ClientFor(context);
        using var request = CreateRequest(context, client, body);
        await _target.ApplyAsync(context, request);
        var answer = await _callouts.SendAsync(context.Record, "ExtAuthz", request, cancellationToken, client.Http, _target.TimeoutFor(context));
        if (answer.Status is >= 200 and <= 299)
        {
            return new AuthzDecision { RequestHeaders = CopiedHeaders(answer), Metadata = Metadata(context, answer) };
        }

        if (answer.Status is 401 or 403 && _redirect is not null && RequestExpressions.EvaluateText(_redirect, context) is { Length: > 0 } location && ExpressionText.IsHeaderSafe(location))
        {
            return Refusal(new GatewayReply { Status = 302, Reason = ResponseReason.ExtAuth, Error = ExtAuthzHandler.Refused, ContentType = null, Headers = [new("Location", location)] });
        }

        return Refusal(new GatewayReply
        {
            Status = answer.Status is >= 300 and <= 599 ? answer.Status : 403,
            Reason = ResponseReason.ExtAuth,
            Error = ExtAuthzHandler.Refused,
            Body = answer.Body,
            ContentType = answer.ContentType ?? "text/plain",
            Headers = HeadersForClient(answer),
        });
    }

    private HttpRequestMessage CreateRequest(RequestContext context, CalloutClient client, ReadOnlyMemory<byte>? body)
    {
        var method = context.Http.Request.Method;
        var path = _path is null ? context.Target : RequestExpressions.EvaluateText(_path, context) ?? throw new CalloutException("the expression of path has no value");
        string? authority = null;
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var name in _includedHeaders)
        {
            if (!AuthzHeaders.IsFraming(name) && name.Length > 0 && name[0] != ':' && context.Http.Request.Headers.TryGetValue(name, out var value))
            {
                headers.Add(new(name, AuthzHeaders.Join(name, value)));
            }
        }

        foreach (var (name, program) in _addedHeaders)
        {
            if (RequestExpressions.EvaluateText(program, context) is not { } value || AuthzHeaders.IsFraming(name))
            {
                continue;
            }

            if (!ExpressionText.IsHeaderSafe(value) || (name == ":method" && TransformTarget.CheckMethod(value) is not null) || (name == ":authority" && TransformTarget.CheckAuthority(value) is not null))
            {
                throw new CalloutException($"the value of {name} cannot stand in the authorization request");
            }

            switch (name)
            {
                case ":method":
                    method = value;
                    break;
                case ":path":
                    path = value;
                    break;
                case ":authority":
                    authority = value;
                    break;
                case ":scheme":
                    break;
                default:
                    headers.RemoveAll(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
                    headers.Add(new(name, value));
                    break;
            }
        }

        var request = new HttpRequestMessage(new HttpMethod(method), AddressOf(client, path.StartsWith('/') ? path : "/" + path));
        if (authority is not null)
        {
            request.Headers.Host = authority;
        }

        if (BodyOf(context, body) is { } content)
        {
            request.Content = new ByteArrayContent(content);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    // The service judges the path that the upstream will get: dots and escapes stay as they are. What could not stand in a request line is escaped.
    private static Uri AddressOf(CalloutClient client, string path)
    {
        var origin = client.Address.GetLeftPart(UriPartial.Authority);
        var isPlain = TransformTarget.CheckPath(path) is null;
        return Uri.TryCreate(origin + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = isPlain }, out var address)
            ? address
            : throw new CalloutException("the path of the authorization request is no path");
    }

    private byte[]? BodyOf(RequestContext context, ReadOnlyMemory<byte>? body)
    {
        if (_body is null)
        {
            return body?.ToArray();
        }

        var value = RequestExpressions.Evaluate(_body, context);
        return value.Kind switch
        {
            CelKind.Error => throw new CalloutException("the expression of body has no value"),
            CelKind.String => Encoding.UTF8.GetBytes(value.AsString()),
            CelKind.Bytes => value.AsBytes().ToArray(),
            _ => Encoding.UTF8.GetBytes(value.ToJson()),
        };
    }

    private List<HeaderChange> CopiedHeaders(CalloutResponse answer)
    {
        var changes = new List<HeaderChange>();
        foreach (var name in _copiedHeaders)
        {
            if (AuthzHeaders.IsFraming(name))
            {
                continue;
            }

            var mode = HeaderChangeMode.Set;
            foreach (var (key, value) in answer.Headers)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    changes.Add(new HeaderChange(name, value, mode));
                    mode = HeaderChangeMode.Append;
                }
            }
        }

        return changes;
    }

    private ReadOnlyMemory<byte> Metadata(RequestContext context, CalloutResponse answer)
    {
        if (_metadata.Length == 0)
        {
            return default;
        }

        var variables = new AnswerVariables(context.Variables, answer);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, program) in _metadata)
            {
                var value = program.Evaluate(variables);
                if (!value.IsError)
                {
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(value.ToJson());
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static List<KeyValuePair<string, StringValues>> HeadersForClient(CalloutResponse answer)
    {
        var headers = new List<KeyValuePair<string, StringValues>>();
        foreach (var (name, values) in answer.Headers)
        {
            if (!AuthzHeaders.IsFraming(name) && !name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            {
                headers.Add(new(name, values));
            }
        }

        return headers;
    }

    private static AuthzDecision Refusal(GatewayReply reply) => new() { Refusal = reply, IsCacheable = reply.Status < 500 };

    private static KeyValuePair<string, CelProgram>[] Compile(Configuration.EquatableMap<Configuration.Expression> expressions)
    {
        var programs = new List<KeyValuePair<string, CelProgram>>();
        foreach (var (name, expression) in expressions.Entries)
        {
            programs.Add(new(name, RequestExpressions.Compile(expression)));
        }

        return [.. programs];
    }
}

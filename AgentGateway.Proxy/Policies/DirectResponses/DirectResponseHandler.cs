using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.DirectResponses;

/// <summary>Policy <c>directResponse</c>: answers without a backend.</summary>
internal sealed class DirectResponseHandler : IRequestPolicy
{
    private readonly DirectResponse _settings;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly PolicyExpression? _bodyExpression;
    private readonly (string Name, PolicyExpression Value)[] _headers;
    private readonly GatewayReply? _fixedReply;

    public DirectResponseHandler(DirectResponse settings)
    {
        _settings = settings;
        _body = settings.Body is { } text ? text.Bytes.AsSpan().ToArray() : default;
        _bodyExpression = PolicyExpression.Of(settings.BodyExpression);
        _headers = [.. settings.Headers.Select(header => (header.Key, new PolicyExpression(header.Value)))];
        _fixedReply = _bodyExpression is null && _headers.Length == 0 ? Reply(_body, []) : null;
    }

    public bool NeedsRequestBody => _bodyExpression is { ReadsRequestBody: true } || _headers.Any(header => header.Value.ReadsRequestBody);

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context) => new(_fixedReply ?? Make(context));

    private GatewayReply Make(RequestContext context)
    {
        var body = _body;
        if (_bodyExpression is not null)
        {
            var value = _bodyExpression.Evaluate(context);
            if (!ExpressionText.TryBody(value, out body))
            {
                return GatewayReply.FilterFailed($"directResponse.bodyExpression: {value.Error?.Message}");
            }
        }

        var headers = new List<KeyValuePair<string, StringValues>>(_headers.Length);
        foreach (var (name, expression) in _headers)
        {
            if (!ExpressionText.TryHeader(expression.Evaluate(context), out var value))
            {
                continue;
            }

            if (!ExpressionText.IsHeaderSafe(value))
            {
                return GatewayReply.FilterFailed($"directResponse.headers: the value of {name} holds control characters");
            }

            headers.Add(new(name, value));
        }

        return Reply(body, headers);
    }

    private GatewayReply Reply(ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, StringValues>> headers) =>
        new() { Status = _settings.Status, Reason = ResponseReason.DirectResponse, Body = body, ContentType = null, Headers = headers };
}

using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Policies.Transformations;

/// <summary>Policy <c>transformations</c>, of a listener, a route or a backend. Its response side acts only when its request side had its turn.</summary>
internal sealed class TransformationHandler : IRequestPolicy, IBackendPolicy, IResponsePolicy
{
    private static readonly GatewayReply RequestTooLarge = GatewayReply.Failure(413, ResponseReason.InvalidRequest, "request body too large");
    private static readonly GatewayReply ResponseTooLarge = GatewayReply.Failure(502, ResponseReason.UpstreamFailure, "response body too large");

    private readonly MessageEdits? _request;
    private readonly MessageEdits? _response;
    private readonly ResponseStep _step;

    public TransformationHandler(TransformationPolicy settings, ResponseStep step)
    {
        _request = settings.Request is null ? null : new MessageEdits(settings.Request);
        _response = settings.Response is null ? null : new MessageEdits(settings.Response);
        _step = step;
    }

    public bool ReadsBody => _response is { ReadsResponseBody: true };

    public bool ReadsRequestBody => _request is { ReadsRequestBody: true } || _response is { ReadsRequestBody: true };

    ValueTask<GatewayReply?> IRequestPolicy.ApplyAsync(RequestContext context)
    {
        Arm(context);
        if (_request is null && _response is not { ReadsRequestBody: true })
        {
            return default;
        }

        return ReadsRequestBody ? BufferAndChangeAsync(context) : new(ChangeRequest(context));
    }

    ValueTask<GatewayReply?> IBackendPolicy.ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        Arm(context);
        return _request is null ? default : new(ChangeAttempt(context, attempt));
    }

    ValueTask<GatewayReply?> IResponsePolicy.ApplyAsync(RequestContext context)
    {
        if (_response!.ApplyTo(new ResponseTarget(context.Http.Response), context) is { } problem)
        {
            return new(problem);
        }

        if (_response.Body is null)
        {
            return default;
        }

        if (!_response.TryNewBody(context, ofRequest: false, out var body))
        {
            return new(ResponseTooLarge);
        }

        // Later steps see the new body, and each of them may replace it again.
        context.ReplaceResponseBody(body);
        return default;
    }

    private void Arm(RequestContext context)
    {
        if (_response is not null)
        {
            context.OnResponse(_step, this);
        }
    }

    private async ValueTask<GatewayReply?> BufferAndChangeAsync(RequestContext context)
    {
        await context.BufferRequestBodyAsync();
        return ChangeRequest(context);
    }

    private GatewayReply? ChangeRequest(RequestContext context)
    {
        if (_request is null)
        {
            return null;
        }

        var problem = _request.ApplyTo(new RequestTarget(context), context);
        if (problem is not null || _request.Body is null)
        {
            return problem;
        }

        if (!_request.TryNewBody(context, ofRequest: true, out var body))
        {
            return RequestTooLarge;
        }

        context.ReplaceRequestBody(body);
        return null;
    }

    private GatewayReply? ChangeAttempt(RequestContext context, UpstreamRequest attempt)
    {
        var problem = _request!.ApplyTo(new AttemptTarget(attempt), context);
        if (problem is null && _request.Body is not null)
        {
            if (!_request.TryNewBody(context, ofRequest: true, out var body))
            {
                return RequestTooLarge;
            }

            attempt.Body = System.IO.Pipelines.PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(body));
            attempt.ContentLength = body.Length;
            attempt.Trailers = null;
            attempt.ExpectContinue = false;
            attempt.BodyStarted = false;
        }

        return problem;
    }
}

using AgentGateway.Proxy.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AgentGateway.Proxy.Requests;

// What policies do to the response once its head is known.
internal sealed partial class RequestContext
{
    private List<(string Name, StringValues Value, bool BesideOthers)>? _owedHeaders;
    private int _mergedHeaders;
    private IResponsePolicy?[]? _responsePolicies;
    private bool _hasResponsePolicies;
    private ResponseCapture? _capture;
    private ResponseRecorder? _recorder;
    private bool _isResponseBodyReplaced;

    /// <summary>Response headers that policies owe to any response, errors included; merged just before the response starts. Replaces a header of that name.</summary>
    /// <param name="name">Name of the header.</param>
    /// <param name="value">Its value or values.</param>
    /// <param name="besideOthers">True keeps the headers of that name that stand there.</param>
    public void Owe(string name, StringValues value, bool besideOthers = false) => (_owedHeaders ??= []).Add((name, value, besideOthers || IsBesideOthers(name)));

    /// <summary>How many headers are owed: what policies of an attempt add to them ends with <see cref="ForgetAttempt"/>.</summary>
    public int OwedHeaders => _owedHeaders?.Count ?? 0;

    /// <summary>
    /// Has a policy act on the response. Request policies call this when their turn comes: where a request ends before a policy's turn,
    /// its response side does not run either (as in nested middleware). A later call for the same step replaces the earlier one.
    /// </summary>
    public void OnResponse(ResponseStep step, IResponsePolicy? policy)
    {
        if (policy is null && _responsePolicies is null)
        {
            return;
        }

        (_responsePolicies ??= new IResponsePolicy?[(int)ResponseStep.Count])[(int)step] = policy;
        _hasResponsePolicies = true;
    }

    /// <summary>Forgets what the policies of a backend wanted to do with its response: the request is sent again, maybe to another.</summary>
    /// <param name="owedHeaders"><see cref="OwedHeaders"/> before the attempt.</param>
    public void ForgetAttempt(int owedHeaders)
    {
        if (OwedHeaders > owedHeaders)
        {
            _owedHeaders!.RemoveRange(owedHeaders, _owedHeaders.Count - owedHeaders);
        }

        OnResponse(ResponseStep.BackendHeaders, null);
        OnResponse(ResponseStep.Backend, null);
        OnResponse(ResponseStep.BackendTransformation, null);
    }

    /// <summary>
    /// To be called once status and headers of an upstream response stand in <see cref="Http"/> and before its first body byte: lifts the
    /// request timeout, runs the response policies and merges the owed headers. A reply replaces the response.
    /// </summary>
    public ValueTask<GatewayReply?> ResponseHeadReadyAsync()
    {
        Record.ResponseHeadTimestamp = Services.Time.GetTimestamp();
        if (_deadline is { } deadline && !deadline.TryLift())
        {
            return new(GatewayReply.RequestTimeout);
        }

        if (!_hasResponsePolicies)
        {
            MergeOwedHeaders();
            return default;
        }

        if (_http.Response.StatusCode == StatusCodes.Status101SwitchingProtocols)
        {
            return RunUpgradePoliciesAsync();
        }

        if (!ReadsResponseBody())
        {
            return RunResponsePoliciesAsync();
        }

        // The policies wait for the body: what is written from now on is held back until it is whole.
        _capture = new ResponseCapture(this, _http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        _http.Features.Set<IHttpResponseBodyFeature>(_capture);
        return default;
    }

    /// <summary>True once there is a response whose status and headers expressions may see.</summary>
    public bool HasResponseHead { get; set; }

    /// <summary>True when the response body is held back for policies, so that a backend must not frame it by itself.</summary>
    public bool IsCapturingResponse => _capture is not null;

    /// <summary>True when a policy put another response in the place of one that was being written: the rest of it is not wanted.</summary>
    public bool IsResponseReplaced => _capture is { IsReplaced: true };

    /// <summary>Keeps a copy of the response body for logs and spans; null when none of them reads it.</summary>
    public ResponseRecorder? Recorder => _recorder;

    /// <summary>Has a bounded copy of the response body kept while it passes; once for a request and before anything is written.</summary>
    public void RecordResponseBody() =>
        _http.Features.Set<IHttpResponseBodyFeature>(_recorder = new ResponseRecorder(_http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), MaxBufferSize));

    /// <summary>What the client got, for expressions that are evaluated at the end.</summary>
    internal void UseRecordedResponse()
    {
        if (_recorder is { } recorder)
        {
            SetResponseBody(recorder.Content, recorder.IsWhole);
        }
    }

    /// <summary>Body of the response for expressions: whole, or its beginning when it is larger than <see cref="MaxBufferSize"/>.</summary>
    public ReadOnlyMemory<byte> ResponseBody { get; private set; }

    /// <summary>True when <see cref="ResponseBody"/> is the whole body.</summary>
    public bool ResponseBodyIsWhole { get; private set; }

    /// <summary>Gives the response another body. To be called by response policies only.</summary>
    public void ReplaceResponseBody(ReadOnlyMemory<byte> body)
    {
        ResponseBody = body;
        ResponseBodyIsWhole = true;
        _isResponseBodyReplaced = true;
    }

    internal void SetResponseBody(ReadOnlyMemory<byte> body, bool isWhole)
    {
        ResponseBody = body;
        ResponseBodyIsWhole = isWhole;
    }

    /// <summary>Ends a response that was held back; to be called when the backend has written all of it.</summary>
    internal ValueTask FinishResponseAsync() => _capture is { } capture ? capture.FinishAsync() : default;

    /// <summary>Forgets a response whose head stood ready and that cannot be ended: a reply takes its place, to which policies owe what they owed to it.</summary>
    internal void ReplaceResponse()
    {
        _capture?.Abandon();
        _capture = null;
        _mergedHeaders = 0;
    }

    private bool ReadsResponseBody()
    {
        foreach (var policy in _responsePolicies!)
        {
            if (policy is { ReadsBody: true })
            {
                return true;
            }
        }

        return false;
    }

    // What follows a 101 is no body: policies change its headers, and a new body has nothing to take the place of.
    private async ValueTask<GatewayReply?> RunUpgradePoliciesAsync()
    {
        SetResponseBody(default, isWhole: true);
        return await RunResponsePoliciesAsync() is { KeepsHead: false } reply ? reply : null;
    }

    internal async ValueTask<GatewayReply?> RunResponsePoliciesAsync()
    {
        HasResponseHead = true;
        if (_hasResponsePolicies)
        {
            _hasResponsePolicies = false;
            var policies = _responsePolicies!;
            for (var i = 0; i < policies.Length; i++)
            {
                if (policies[i] is { } policy && await policy.ApplyAsync(this) is { } reply)
                {
                    return reply;
                }
            }

            Record.ResponseReadyTimestamp = Services.Time.GetTimestamp();
        }

        MergeOwedHeaders();
        if (_isResponseBodyReplaced)
        {
            _isResponseBodyReplaced = false;
            return GatewayReply.WithBody(this, ResponseBody);
        }

        return null;
    }

    internal void MergeOwedHeaders()
    {
        if (_owedHeaders is not { } owed || _http.Response.HasStarted)
        {
            return;
        }

        var headers = _http.Response.Headers;
        for (; _mergedHeaders < owed.Count; _mergedHeaders++)
        {
            var (name, value, besideOthers) = owed[_mergedHeaders];
            if (besideOthers)
            {
                ResponseFields.Append(headers, name, value);
            }
            else
            {
                ResponseFields.Set(headers, name, value);
            }
        }
    }

    // Vary says what a response depends on, and each cookie is a header of its own: those of the upstream stay.
    private static bool IsBesideOthers(string name) =>
        name.Equals(HeaderNames.Vary, StringComparison.OrdinalIgnoreCase) || name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase);

    private void ResetResponse()
    {
        _owedHeaders?.Clear();
        _mergedHeaders = 0;
        if (_responsePolicies is { } policies)
        {
            Array.Clear(policies);
        }

        _hasResponsePolicies = false;
        HasResponseHead = false;
        _capture = null;
        _recorder = null;
        _isResponseBodyReplaced = false;
        ResponseBody = default;
        ResponseBodyIsWhole = false;
    }
}

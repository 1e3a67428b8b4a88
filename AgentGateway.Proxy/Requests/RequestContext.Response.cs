using AgentGateway.Proxy.Policies;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Requests;

// What policies do to the response once its head is known.
internal sealed partial class RequestContext
{
    private List<KeyValuePair<string, StringValues>>? _owedHeaders;
    private IResponsePolicy?[]? _responsePolicies;
    private bool _hasResponsePolicies;

    /// <summary>Response headers that policies owe to any response, errors included; merged just before the response starts. Replaces a header of that name.</summary>
    public void Owe(string name, StringValues value) => (_owedHeaders ??= []).Add(new(name, value));

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

    /// <summary>
    /// To be called once status and headers of an upstream response stand in <see cref="Http"/> and before its first body byte: lifts the
    /// request timeout, runs the response policies and merges the owed headers. A reply replaces the response.
    /// </summary>
    public ValueTask<GatewayReply?> ResponseHeadReadyAsync()
    {
        if (_deadline is { } deadline && !deadline.TryLift())
        {
            return new(GatewayReply.RequestTimeout);
        }

        if (_hasResponsePolicies)
        {
            return RunResponsePoliciesAsync();
        }

        MergeOwedHeaders();
        return default;
    }

    internal async ValueTask<GatewayReply?> RunResponsePoliciesAsync()
    {
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
        }

        MergeOwedHeaders();
        return null;
    }

    internal void MergeOwedHeaders()
    {
        if (_owedHeaders is not { Count: > 0 } owed || _http.Response.HasStarted)
        {
            return;
        }

        var headers = _http.Response.Headers;
        foreach (var (name, value) in owed)
        {
            headers[name] = value;
        }

        owed.Clear();
    }

    private void ResetResponse()
    {
        _owedHeaders?.Clear();
        if (_responsePolicies is { } policies)
        {
            Array.Clear(policies);
        }

        _hasResponsePolicies = false;
    }
}

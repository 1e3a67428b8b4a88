using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>Whether a request takes part in a trace, and whether its spans are recorded.</summary>
/// <param name="Propagated">The request gets a span id of its own, which upstreams receive and logs show.</param>
/// <param name="Recorded">Spans are stored and exported.</param>
internal readonly record struct SamplingDecision(bool Propagated, bool Recorded)
{
    /// <summary>
    /// The rules of the telemetry specification, 1.3, with the parent-based semantics it recommends: no parent - <c>randomSampling</c>
    /// (default no); sampled parent - <c>clientSampling</c> (default yes); unsampled parent - <c>parentNotSampled</c>, else an explicit
    /// <c>clientSampling</c>, else no. Without tracing configuration an incoming context is still continued with our own span id.
    /// </summary>
    /// <param name="tracing">Tracing configuration, or null.</param>
    /// <param name="incoming">Context of the caller; empty when there is none or it is malformed.</param>
    /// <param name="evaluator">Decides one rule for this request.</param>
    public static SamplingDecision Make<TEvaluator>(TracingSnapshot? tracing, TraceContext incoming, ref TEvaluator evaluator)
        where TEvaluator : struct, ISamplingEvaluator
    {
        if (tracing is null)
        {
            return new SamplingDecision(!incoming.IsEmpty, false);
        }

        bool sampled;
        if (incoming.IsEmpty)
        {
            sampled = tracing.RandomSampling is { } random && evaluator.Evaluate(random);
        }
        else if (incoming.IsSampled)
        {
            sampled = tracing.ClientSampling is not { } client || evaluator.Evaluate(client);
        }
        else
        {
            sampled = (tracing.ParentNotSampled ?? tracing.ClientSampling) is { } rule && evaluator.Evaluate(rule);
        }

        return new SamplingDecision(sampled, sampled);
    }
}

/// <summary>Decides one sampling rule for the request at hand.</summary>
internal interface ISamplingEvaluator
{
    bool Evaluate(SamplingRule rule);
}

using AgentGateway.Cel;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>Decides sampling rules for one request: by chance, or by an expression that gives a boolean or a probability.</summary>
internal readonly struct RequestSampling(RequestContext? context, Random random) : ISamplingEvaluator
{
    public bool Evaluate(SamplingRule rule)
    {
        if (rule.Expression is not { } expression)
        {
            return Hits(rule.Probability, random);
        }

        var value = context is null ? default : expression.Program.Evaluate(context.Variables);
        return value.Kind switch
        {
            CelKind.Bool => value.AsBool(),
            CelKind.Double => Hits(value.AsDouble(), random),
            CelKind.Int => value.AsInt() >= 1,
            CelKind.Uint => value.AsUint() >= 1,
            _ => false,
        };
    }

    /// <summary>True with the given probability; one that is no number never hits.</summary>
    public static bool Hits(double probability, Random random) => probability switch
    {
        >= 1 => true,
        > 0 => random.NextDouble() < probability,
        _ => false,
    };
}

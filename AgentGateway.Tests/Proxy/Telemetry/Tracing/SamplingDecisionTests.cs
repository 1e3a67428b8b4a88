using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry.Tracing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Tracing;

public sealed class SamplingDecisionTests
{
    [Theory]

    // No parent: randomSampling alone decides, and it is off by default.
    [InlineData("none", null, null, null, false)]
    [InlineData("none", 1.0, null, null, true)]
    [InlineData("none", 0.0, 1.0, 1.0, false)]
    [InlineData("malformed", 1.0, 0.0, 0.0, true)]
    [InlineData("malformed", null, 1.0, 1.0, false)]

    // Sampled parent: clientSampling, on by default.
    [InlineData("01", null, null, null, true)]
    [InlineData("01", 0.0, 1.0, 0.0, true)]
    [InlineData("01", 1.0, 0.0, 1.0, false)]

    // Unsampled parent: parentNotSampled, else an explicit clientSampling, else no.
    [InlineData("00", 1.0, null, null, false)]
    [InlineData("00", 0.0, 1.0, null, true)]
    [InlineData("00", 0.0, 0.0, null, false)]
    [InlineData("00", 0.0, 0.0, 1.0, true)]
    [InlineData("00", 1.0, 1.0, 0.0, false)]
    public void Make_TracingConfigured_FollowsTheParent(string parent, double? random, double? client, double? parentNotSampled, bool expected)
    {
        var tracing = new TracingSnapshot
        {
            Endpoint = new Uri("http://127.0.0.1:4317"),
            RandomSampling = random is { } r ? new SamplingRule(r) : null,
            ClientSampling = client is { } c ? new SamplingRule(c) : null,
            ParentNotSampled = parentNotSampled is { } p ? new SamplingRule(p) : null,
        };

        var evaluator = new RequestSampling(null, Random.Shared);
        var decision = SamplingDecision.Make(tracing, Parent(parent), ref evaluator);

        Assert.Equal(new SamplingDecision(expected, expected), decision);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("01", true)]
    [InlineData("00", true)]
    public void Make_NoTracing_OnlyContinuesTheCallersContext(string parent, bool propagated)
    {
        var evaluator = new RequestSampling(null, Random.Shared);

        Assert.Equal(new SamplingDecision(propagated, false), SamplingDecision.Make(null, Parent(parent), ref evaluator));
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(7, true)]
    public void Hits_Extremes_NeedNoChance(double probability, bool expected) => Assert.Equal(expected, RequestSampling.Hits(probability, new Random(1)));

    [Fact]
    public void Hits_Half_HitsAboutHalf()
    {
        var random = new Random(42);

        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => RequestSampling.Hits(0.5, random)), 4_800, 5_200);
    }

    private static TraceContext Parent(string parent)
    {
        _ = TraceContext.TryParse(parent switch
        {
            "none" => "",
            "malformed" => "00-zz",
            _ => $"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{parent}",
        }, out var context);
        return context;
    }
}

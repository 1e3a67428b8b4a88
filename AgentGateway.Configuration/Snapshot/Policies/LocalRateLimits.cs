using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Token buckets of which each must let a request pass (configuration key <c>localRateLimit</c>).</summary>
/// <param name="Limits">The buckets.</param>
public sealed record LocalRateLimits(EquatableArray<LocalRateLimit> Limits) : PolicySnapshot
{
    /// <summary>
    /// Name under which all places that the policy applies to share its buckets, as a policy of a gateway limits the gateway and not each of its routes;
    /// null for a policy of one place.
    /// </summary>
    public string? SharedAs { get; init; }

    /// <summary>The policies with their buckets shared; others than limits are as they were.</summary>
    internal static EquatableArray<PolicySnapshot> Share(EquatableArray<PolicySnapshot> policies, string name)
    {
        foreach (var policy in policies)
        {
            if (policy.Kind == typeof(LocalRateLimits))
            {
                return [.. policies.Select(each => Share(each, name))];
            }
        }

        return policies;
    }

    private static PolicySnapshot Share(PolicySnapshot policy, string name) => policy switch
    {
        LocalRateLimits limits => limits with { SharedAs = name },
        Conditional<LocalRateLimits> choices => choices with { Entries = [.. choices.Entries.Select(entry => entry with { Policy = entry.Policy with { SharedAs = name } })] },
        _ => policy,
    };

    /// <summary>A list alone. One bucket is a list of one, which whoever writes a mapping is told.</summary>
    internal static Shape<EquatableArray<LocalRateLimit>> BucketsShape { get; } =
        new ListShape<LocalRateLimit>(LocalRateLimit.Shape, 0, null, "write a list: localRateLimit: [{...}]");

    internal static Shape<PolicySnapshot> Shape { get; } = new ListOrChoicesShape();

    private sealed class ListOrChoicesShape : Shape<PolicySnapshot>
    {
        private readonly Shape<PolicySnapshot> _list = BucketsShape.As(static limits => (PolicySnapshot)new LocalRateLimits(limits));

        private readonly Shape<PolicySnapshot> _choices = LocalRateLimit.ChoicesShape.As(static choices => (PolicySnapshot)new Conditional<LocalRateLimits>(
            [.. choices.Entries.Select(static e => new ConditionalEntry<LocalRateLimits>(e.Condition, new LocalRateLimits([e.Policy])))]));

        // A mapping without choices is a bucket that its writer forgot to put in a list.
        public override PolicySnapshot Read(Place place) => (place.Node is MappingNode mapping && mapping.Has("conditional") ? _choices : _list).Read(place);

        public override PolicySnapshot Fallback(ReadContext context) => _choices.Fallback(context);

        public override Description Describe(Catalogue catalogue) => new UnionDescription([_list.Describe(catalogue), _choices.Describe(catalogue)]);
    }
}

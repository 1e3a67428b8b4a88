using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Token buckets of which each must let a request pass (configuration key <c>localRateLimit</c>).</summary>
/// <param name="Limits">The buckets.</param>
public sealed record LocalRateLimits(EquatableArray<LocalRateLimit> Limits) : PolicySnapshot
{
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

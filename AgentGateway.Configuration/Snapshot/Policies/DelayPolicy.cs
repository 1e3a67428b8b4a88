using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Waits before the request goes upstream: fault injection.</summary>
/// <param name="Duration">Fixed time, or null when <paramref name="Expression"/> gives it.</param>
/// <param name="Expression">Gives a duration or a number of milliseconds; zero or less waits not at all.</param>
public sealed record DelayPolicy(TimeSpan? Duration, Expression? Expression) : PolicySnapshot
{
    internal static Shape<DelayPolicy> Shape { get; } = Shapes.Object("DelayPolicy", "Waits before the request goes upstream: fault injection.", static r =>
        r.Required("duration", new DurationOrExpression(), "A duration, or an expression that gives a duration or a number of milliseconds.", "2s"));

    /// <summary>A text that starts as a duration is one; anything else is an expression.</summary>
    private sealed class DurationOrExpression : Shape<DelayPolicy>
    {
        public override DelayPolicy Read(Place place)
        {
            if (place.Node is ScalarNode { Kind: ScalarKind.Text } scalar && GoDuration.TryParse(scalar.Text, out var duration))
            {
                return new DelayPolicy(duration, null);
            }

            if (place.Node is ScalarNode { Kind: ScalarKind.Text } negative && negative.Text.StartsWith('-') && GoDuration.TryParse(negative.Text.AsSpan(1), out _))
            {
                place.Error($"invalid duration `{negative.Shown}`: it must not be negative; write it as 250ms, 30s or 1h30m");
                return Fallback(place.Context);
            }

            return new DelayPolicy(null, Expression.Shape.Read(place));
        }

        public override DelayPolicy Fallback(ReadContext context) => new(TimeSpan.Zero, null);

        public override Description Describe(Catalogue catalogue) => new ScalarDescription("duration or expression", ["string"], "2s");
    }
}

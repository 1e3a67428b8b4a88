using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A duration as Go writes it.</summary>
internal sealed class DurationShape(bool allowZero, TimeSpan least = default, TimeSpan? greatest = null, string example = "30s") : ScalarShape<TimeSpan>(TimeSpan.FromSeconds(1))
{
    // Far beyond any useful time-out, and within what timers accept.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public override Description Describe(Catalogue catalogue) => new ScalarDescription("duration", ["string"], example)
    {
        Pattern = @"^\+?(0|([0-9]*\.?[0-9]+(ns|us|µs|μs|ms|s|m|h))+)$",
    };

    protected override (string Expected, string Remedy) Wanted => ("a duration", "write it as 250ms, 30s or 1h30m");

    protected override bool TryRead(ScalarNode scalar, Place place, out TimeSpan value)
    {
        value = TimeSpan.FromSeconds(1);
        if (scalar.Kind != ScalarKind.Text)
        {
            return false;
        }

        if (!GoDuration.TryParse(scalar.Text, out var duration))
        {
            var negative = scalar.Text.StartsWith('-');
            place.Error($"invalid duration `{scalar.Shown}`: {(negative ? "it must not be negative" : "number and unit are expected")}; write it as 250ms, 30s or 1h30m");
        }
        else if (duration > Longest || (!allowZero && duration == TimeSpan.Zero))
        {
            place.Error($"invalid duration `{scalar.Shown}`: {(duration == TimeSpan.Zero ? "it must be longer than 0s" : "it must not be longer than ten years")}");
        }
        else if (duration < least || duration > greatest)
        {
            place.Error($"invalid duration `{scalar.Shown}`: write one {Range()}");
        }
        else
        {
            value = duration;
        }

        return true;
    }

    private string Range() => greatest is { } most ? $"from {GoDuration.Format(least)} to {GoDuration.Format(most)}" : $"of at least {GoDuration.Format(least)}";
}

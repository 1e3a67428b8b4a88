namespace AgentGateway.Cel.Values;

/// <summary>Marks a timestamp or duration and holds its nanoseconds after the second; shared by those on a whole second.</summary>
internal sealed class CelFraction : CelReference
{
    private static readonly CelFraction WholeTimestamp = new(CelKind.Timestamp, 0);
    private static readonly CelFraction WholeDuration = new(CelKind.Duration, 0);

    private CelFraction(CelKind kind, int nanoseconds)
        : base(kind) => Nanoseconds = nanoseconds;

    /// <summary>0 to 999,999,999.</summary>
    public int Nanoseconds { get; }

    public static CelFraction OfTimestamp(int nanoseconds) => nanoseconds == 0 ? WholeTimestamp : new(CelKind.Timestamp, nanoseconds);

    public static CelFraction OfDuration(int nanoseconds) => nanoseconds == 0 ? WholeDuration : new(CelKind.Duration, nanoseconds);
}

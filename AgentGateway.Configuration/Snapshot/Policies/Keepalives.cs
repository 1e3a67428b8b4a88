using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>TCP keep-alives.</summary>
public sealed record Keepalives
{
    // What the operating system takes (tcp(7) of Linux); beyond it no connection would be made at all.
    private const int MostRetries = 127;
    private static readonly Shape<TimeSpan> ProbeDuration = Shapes.DurationBetween(TimeSpan.Zero, TimeSpan.FromSeconds(32767), "3m0s");

    internal static Shape<Keepalives> Shape { get; } = Shapes.Object("Keepalives", "TCP keep-alives.", Read);

    /// <summary>Whether they are sent.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Idle time before the first.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Time between them.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Unanswered ones before the connection is given up.</summary>
    public int Retries { get; init; } = 9;

    private static Keepalives Read(ObjectReader r) => new()
    {
        Enabled = r.Value("enabled", Shapes.Flag, true, "Whether they are sent.", "true"),
        Time = r.Value("time", ProbeDuration, TimeSpan.FromMinutes(3), "Idle time before the first.", "3m0s"),
        Interval = r.Value("interval", ProbeDuration, TimeSpan.FromMinutes(3), "Time between them.", "3m0s"),
        Retries = r.Value("retries", Shapes.Int(1, MostRetries, "9"), 9, "Unanswered ones before the connection is given up.", "9"),
    };
}

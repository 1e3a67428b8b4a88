using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Frontend;

namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>Limits of HTTP towards clients.</summary>
internal sealed record FrontendHttp
{
    // The window that a connection begins with (RFC 9113, 6.9.2): the HTTP server goes no lower.
    private const int SmallestHttp2Window = 65535;

    private const int LargestHttp2Header = 16 * 1024 * 1024;

    // The HTTP server counts seconds.
    private static readonly Shape<TimeSpan> PingDuration = Shapes.DurationBetween(TimeSpan.FromSeconds(1), null, "30s");

    internal static Shape<FrontendHttp> Shape { get; } = Shapes.Object("FrontendHttp", "Limits of HTTP towards clients.", Read);

    /// <summary>Largest body that is held in memory, in bytes.</summary>
    public int MaxBufferSize { get; init; } = 2097152;

    /// <summary>Most HTTP/1.1 headers of a request.</summary>
    public int? Http1MaxHeaders { get; init; }

    /// <summary>Idle time after which an HTTP/1.1 connection is closed.</summary>
    public TimeSpan Http1IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Case of header names in HTTP/1.1 answers.</summary>
    public HeaderCase Http1HeaderCase { get; init; }

    /// <summary>HTTP/2 stream window in bytes.</summary>
    public int? Http2WindowSize { get; init; }

    /// <summary>HTTP/2 connection window in bytes.</summary>
    public int? Http2ConnectionWindowSize { get; init; }

    /// <summary>Largest HTTP/2 frame in bytes.</summary>
    public int? Http2FrameSize { get; init; }

    /// <summary>Largest HTTP/2 header block in bytes.</summary>
    public int? Http2MaxHeaderSize { get; init; }

    /// <summary>Time between HTTP/2 pings.</summary>
    public TimeSpan? Http2KeepaliveInterval { get; init; }

    /// <summary>Time after which an unanswered ping closes the connection.</summary>
    public TimeSpan? Http2KeepaliveTimeout { get; init; }

    /// <summary>Longest life of a connection.</summary>
    public TimeSpan? MaxConnectionDuration { get; init; }

    private static FrontendHttp Read(ObjectReader r) => new()
    {
        MaxBufferSize = r.Value("maxBufferSize", Shapes.Int(0, 2147483647, "2097152"), 2097152, "Largest body that is held in memory, in bytes.", "2097152"),
        Http1MaxHeaders = r.OptionalValue("http1MaxHeaders", Shapes.Int(1, 100000, "100"), "Most HTTP/1.1 headers of a request."),
        Http1IdleTimeout = r.Value("http1IdleTimeout", Shapes.PositiveDuration, TimeSpan.FromMinutes(10), "Idle time after which an HTTP/1.1 connection is closed.", "10m0s"),
        Http1HeaderCase = r.Value("http1HeaderCase", EnumShapes.HeaderCaseWords, HeaderCase.Lowercase, "Case of header names in HTTP/1.1 answers.", "lowercase"),
        Http2WindowSize = r.OptionalValue("http2WindowSize", Shapes.Int(SmallestHttp2Window, 2147483647, "1048576"), "HTTP/2 stream window in bytes."),
        Http2ConnectionWindowSize = r.OptionalValue("http2ConnectionWindowSize", Shapes.Int(SmallestHttp2Window, 2147483647, "1048576"), "HTTP/2 connection window in bytes."),
        Http2FrameSize = r.OptionalValue("http2FrameSize", Shapes.Int(16384, 16777215, "16384"), "Largest HTTP/2 frame in bytes."),
        Http2MaxHeaderSize = r.OptionalValue("http2MaxHeaderSize", Shapes.Int(1, LargestHttp2Header, "32768"), "Largest HTTP/2 header block in bytes."),
        Http2KeepaliveInterval = r.OptionalValue("http2KeepaliveInterval", PingDuration, "Time between HTTP/2 pings.", "30s"),
        Http2KeepaliveTimeout = r.OptionalValue("http2KeepaliveTimeout", PingDuration, "Time after which an unanswered ping closes the connection.", "10s"),
        MaxConnectionDuration = r.OptionalValue("maxConnectionDuration", Shapes.PositiveDuration, "Longest life of a connection.", "1h"),
    };

    public FrontendHttpSnapshot ToSnapshot() => new()
    {
        MaxBufferSize = MaxBufferSize,
        Http1MaxHeaders = Http1MaxHeaders,
        Http1IdleTimeout = Http1IdleTimeout,
        Http2WindowSize = Http2WindowSize,
        Http2ConnectionWindowSize = Http2ConnectionWindowSize,
        Http2FrameSize = Http2FrameSize,
        Http2MaxHeaderSize = Http2MaxHeaderSize,
        Http2KeepaliveInterval = Http2KeepaliveInterval,
        Http2KeepaliveTimeout = Http2KeepaliveTimeout,
        MaxConnectionDuration = MaxConnectionDuration,
    };
}

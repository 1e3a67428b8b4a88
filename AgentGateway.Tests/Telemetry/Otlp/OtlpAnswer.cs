namespace AgentGateway.Tests.Telemetry.Otlp;

/// <summary>What the collector answers to an export.</summary>
internal sealed record OtlpAnswer
{
    public static OtlpAnswer Success { get; } = new();

    /// <summary>HTTP status of an answer over HTTP.</summary>
    public int HttpStatus { get; init; } = 200;

    /// <summary>Status code of an answer over gRPC.</summary>
    public int GrpcStatus { get; init; }

    /// <summary>Value of <c>Retry-After</c>.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Spans that were not taken.</summary>
    public long Rejected { get; init; }

    public string Message { get; init; } = "";

    public bool Failed => HttpStatus != 200 || GrpcStatus != 0;
}

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>Outcome of one attempt to export.</summary>
/// <param name="Accepted">True when the collector took the export, maybe only in part.</param>
/// <param name="Error">What went wrong, or null.</param>
/// <param name="Retryable">True when the same export may succeed a little later.</param>
/// <param name="RetryAfter">How long the collector asks to wait, or null.</param>
/// <param name="Rejected">Items that the collector refused although it took the export.</param>
internal readonly record struct OtlpResult(bool Accepted, string? Error = null, bool Retryable = false, TimeSpan? RetryAfter = null, long Rejected = 0)
{
    public static OtlpResult Success => new(true);

    public static OtlpResult Failure(string error, bool retryable, TimeSpan? retryAfter = null) => new(false, error, retryable, retryAfter);
}

namespace AgentGateway.Proxy.Telemetry.Metrics;

/// <summary>Label values of a request: the key under which its series are kept, so that they are rendered once and not for each request.</summary>
internal readonly record struct RequestLabels(
    string? Backend,
    string Protocol,
    string Method,
    int Status,
    ResponseReason Reason,
    string Bind,
    string Gateway,
    string? Listener,
    string? Route,
    string? RouteRule,
    string Custom);

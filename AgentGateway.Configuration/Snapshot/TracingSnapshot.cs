using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>Export of request traces over OTLP, from <c>config.tracing</c> or <c>frontendPolicies.tracing</c>.</summary>
public sealed record TracingSnapshot
{
    /// <summary>
    /// Address spans are posted to: for gRPC scheme and authority, for HTTP the full URL with its path
    /// (the path rules are applied when the document is normalised).
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Wire protocol; gRPC by default.</summary>
    public OtlpProtocol Protocol { get; init; } = OtlpProtocol.Grpc;

    /// <summary>Headers (gRPC: metadata) sent with each export. Names compare without case.</summary>
    public EquatableMap<Secret> Headers { get; init; } = EquatableMap<Secret>.Empty;

    /// <summary>Decision for requests without trace context; null means not sampled.</summary>
    public SamplingRule? RandomSampling { get; init; }

    /// <summary>Decision for requests whose incoming trace context is sampled; null means sampled.</summary>
    public SamplingRule? ClientSampling { get; init; }

    /// <summary>Decision for requests whose incoming trace context is not sampled; null falls back to an explicit <see cref="ClientSampling"/>, else not sampled.</summary>
    public SamplingRule? ParentNotSampled { get; init; }

    /// <summary>Attributes to add to spans, in order; one that fails to evaluate is left out.</summary>
    public EquatableMap<Expression> Attributes { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Names of attributes to leave out.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Resource attributes, evaluated once without a request; one that fails is left out.</summary>
    public EquatableMap<Expression> Resources { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Keeps the spans of requests for which it holds; null keeps all.</summary>
    public Expression? Filter { get; init; }

    /// <summary>The collector as a backend reference (<c>frontendPolicies.tracing</c>); null when <see cref="Endpoint"/> says all.</summary>
    public BackendReference? Target { get; init; }

    /// <summary>Policies of the connection to the collector.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];
}

/// <summary>Wire protocol of an OTLP export.</summary>
public enum OtlpProtocol
{
    /// <summary>Unary gRPC, port 4317 by convention.</summary>
    Grpc,

    /// <summary>HTTP POST of protobuf, port 4318 by convention.</summary>
    HttpProtobuf,
}

/// <summary>A sampling decision: a probability, or an expression that gives a boolean or a probability.</summary>
/// <param name="Probability">0 never, 1 always, in between at random for each request; not used when there is an expression.</param>
/// <param name="Expression">Decides for each request, over <c>request</c> and <c>source</c>; null when the probability is fixed.</param>
public sealed record SamplingRule(double Probability, Expression? Expression = null);

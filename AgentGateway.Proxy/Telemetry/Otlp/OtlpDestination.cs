using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>Where and how one signal is exported; equal ones share an exporter over reloads.</summary>
/// <param name="Endpoint">For gRPC scheme and authority, for HTTP the full URL.</param>
/// <param name="Protocol">Wire protocol.</param>
/// <param name="Headers">Headers or metadata of each export.</param>
/// <param name="Resources">Configured attributes of the resource.</param>
internal sealed record OtlpDestination(Uri Endpoint, OtlpProtocol Protocol, EquatableMap<Secret> Headers, EquatableMap<Expression> Resources);

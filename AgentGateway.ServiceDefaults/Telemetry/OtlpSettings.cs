using Microsoft.Extensions.Configuration;

namespace AgentGateway.ServiceDefaults.Telemetry;

/// <summary>What the OpenTelemetry environment variables say about this process.</summary>
internal static class OtlpSettings
{
    /// <summary>Base address of the collector. Not set or blank: nothing is exported.</summary>
    internal const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceNameKey = "OTEL_SERVICE_NAME";
    private const string ResourceAttributesKey = "OTEL_RESOURCE_ATTRIBUTES";

    internal static bool IsExportWanted(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[EndpointKey]);

    /// <summary>
    /// True when the environment names the service. The SDK merges a name set in code over the environment's, so ours may be added only when
    /// there is none.
    /// </summary>
    internal static bool NamesService(IConfiguration configuration)
    {
        if (!string.IsNullOrWhiteSpace(configuration[ServiceNameKey]))
            return true;
        foreach (var attribute in (configuration[ResourceAttributesKey] ?? "").Split(','))
        {
            if (attribute.TrimStart().StartsWith("service.name=", StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}

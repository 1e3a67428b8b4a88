using AgentGateway.ServiceDefaults.Health;
using AgentGateway.ServiceDefaults.Outgoing;
using AgentGateway.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Hosting;

namespace AgentGateway.ServiceDefaults;

/// <summary>Entry point of the defaults that every AgentGateway service shares.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds health checks, OpenTelemetry (exported by OTLP only when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set) and, for every
    /// <see cref="HttpClient"/> made by the factory, service discovery and the standard resilience pipeline.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of host builder: web application or generic host.</typeparam>
    /// <param name="builder">The builder to add the services to.</param>
    /// <returns>The same <paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddDefaultHealthChecks();
        builder.AddDefaultTelemetry();
        builder.AddDefaultHttpClients();
        return builder;
    }
}

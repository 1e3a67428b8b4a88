using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AgentGateway.ServiceDefaults.Health;

/// <summary>Registers and maps the default health checks.</summary>
public static class HealthExtensions
{
    /// <summary>Adds a <c>self</c> check tagged <see cref="HealthTags.Live"/>: it passes as long as the process answers.</summary>
    /// <typeparam name="TBuilder">The kind of host builder.</typeparam>
    /// <param name="builder">The builder to add the check to.</param>
    /// <returns>The same <paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHealthChecks().AddCheck("self", static () => HealthCheckResult.Healthy(), [HealthTags.Live]);
        return builder;
    }

    /// <summary>
    /// Maps <see cref="HealthPaths.Ready"/> and <see cref="HealthPaths.Live"/> in every environment: orchestrators probe production too,
    /// and the answer is one word (<c>Healthy</c>, <c>Degraded</c>, <c>Unhealthy</c>) that gives nothing away.
    /// </summary>
    /// <param name="endpoints">The application to map the endpoints on.</param>
    /// <returns>The same <paramref name="endpoints"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    public static IEndpointRouteBuilder MapDefaultEndpoints(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapHealthChecks(HealthPaths.Ready);
        endpoints.MapHealthChecks(HealthPaths.Live, new HealthCheckOptions
        {
            Predicate = static check => check.Tags.Contains(HealthTags.Live),
        });
        return endpoints;
    }
}

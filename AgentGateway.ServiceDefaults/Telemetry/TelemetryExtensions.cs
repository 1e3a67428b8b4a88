using AgentGateway.ServiceDefaults.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentGateway.ServiceDefaults.Telemetry;

/// <summary>OpenTelemetry wiring shared by our services.</summary>
public static class TelemetryExtensions
{
    /// <summary>Name of the activity source and meter of the MCP C# SDK.</summary>
    private const string McpSdkSource = "Experimental.ModelContextProtocol";

    /// <summary>
    /// Collects logs, metrics (ASP.NET Core, HTTP client, runtime, MCP SDK, and the meter named like the application) and traces (ASP.NET
    /// Core without the health endpoints, HTTP client, MCP SDK, and the source named like the application). W3C trace context continues
    /// from request headers and, for MCP messages, from <c>_meta.traceparent</c>.
    /// </summary>
    /// <remarks>
    /// The OTLP exporter is added only when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the other <c>OTEL_*</c> variables are read by the
    /// OpenTelemetry SDK. The service name is <c>OTEL_SERVICE_NAME</c>, then <c>service.name</c> of <c>OTEL_RESOURCE_ATTRIBUTES</c>, then
    /// the application name.
    /// </remarks>
    /// <typeparam name="TBuilder">The kind of host builder.</typeparam>
    /// <param name="builder">The builder to configure.</param>
    /// <returns>The same <paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder AddDefaultTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var application = builder.Environment.ApplicationName;

        // ASP.NET Core and HttpClient carry trace context and baggage themselves. The SDK's default would write the headers a second time, over
        // what a caller has set and also where a client has switched propagation off.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());

        var telemetry = builder.Services.AddOpenTelemetry();
        if (!OtlpSettings.NamesService(builder.Configuration))
            telemetry.ConfigureResource(resource => resource.AddService(application));

        telemetry
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(McpSdkSource)
                .AddMeter(application))
            .WithTracing(tracing => tracing
                .AddSource(application)
                .AddSource(McpSdkSource)
                .AddAspNetCoreInstrumentation(options => options.Filter = IsNotHealthProbe)
                .AddHttpClientInstrumentation());

        if (OtlpSettings.IsExportWanted(builder.Configuration))
        {
            builder.Logging.AddOpenTelemetry(static logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true;
            });
            telemetry.UseOtlpExporter();
        }

        return builder;
    }

    private static bool IsNotHealthProbe(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthPaths.Ready, StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(HealthPaths.Live, StringComparison.Ordinal);
}

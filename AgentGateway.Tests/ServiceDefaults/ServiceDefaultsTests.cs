using System.Diagnostics;
using System.Net;
using AgentGateway.ServiceDefaults;
using AgentGateway.ServiceDefaults.Health;
using AgentGateway.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Xunit;

namespace AgentGateway.Tests.ServiceDefaults;

public sealed class ServiceDefaultsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<WebApplication> StartAsync(
        Action<WebApplicationBuilder>? configure = null,
        string environment = "Production",
        Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "sample", EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/work", static () => "done");
        app.MapGet("/headers", static (HttpContext context) => string.Join(',', context.Request.Headers.Keys));
        await app.StartAsync(Token);
        return app;
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task MapDefaultEndpoints_AnyEnvironment_Mapped(string environment)
    {
        await using var app = await StartAsync(environment: environment);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal("Healthy", await http.GetStringAsync("/health", Token));
        Assert.Equal("Healthy", await http.GetStringAsync("/alive", Token));
    }

    [Fact]
    public async Task MapDefaultEndpoints_FailingDependency_ReadinessFailsLivenessDoesNot()
    {
        await using var app = await StartAsync(static builder =>
            builder.Services.AddHealthChecks().AddCheck("dependency", static () => HealthCheckResult.Unhealthy("secret detail")));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var ready = await http.GetAsync("/health", Token);
        using var live = await http.GetAsync("/alive", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("Unhealthy", await ready.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task MapDefaultEndpoints_FailingLiveCheck_LivenessFails()
    {
        await using var app = await StartAsync(static builder =>
            builder.Services.AddHealthChecks().AddCheck("core", static () => HealthCheckResult.Unhealthy(), [HealthTags.Live]));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var live = await http.GetAsync("/alive", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, live.StatusCode);
    }

    [Fact]
    public async Task Tracing_IncomingTraceparent_ContinuedExceptOnHealthProbes()
    {
        var spans = new List<Activity>();
        await using var app = await StartAsync(builder =>
            builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(new CollectingProcessor(spans))));
        // Without its own propagation, which would replace the header of the test.
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(app.Urls.Single()) };
        foreach (var path in new[] { "/health", "/alive", "/work" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var response = await http.SendAsync(request, Token);
        }

        await app.StopAsync(Token);

        lock (spans)
        {
            var server = Assert.Single(spans, static span => span.TraceId.ToString() == "0af7651916cd43dd8448eb211c80319c");
            Assert.Equal(ActivityKind.Server, server.Kind);
            Assert.Equal("b7ad6b7169203331", server.ParentSpanId.ToString());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tracing_OutgoingRequest_CarriesContextOnlyWhereTheClientPropagates(bool propagates)
    {
        await using var app = await StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = propagates ? DistributedContextPropagator.Current : DistributedContextPropagator.CreateNoOutputPropagator(),
        })
        { BaseAddress = new Uri(app.Urls.Single()) };

        var names = (await http.GetStringAsync("/headers", Token)).Split(',');

        Assert.Equal(propagates, names.Contains("traceparent", StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(null, null, "sample")]
    [InlineData("OTEL_SERVICE_NAME", "named", "named")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "a=b, service.name=attributed", "attributed")]
    public void ServiceName_EnvironmentWinsOverApplication(string? key, string? value, string expected)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "sample" });
        if (key is not null)
            builder.Configuration.AddInMemoryCollection([new(key, value)]);
        builder.AddServiceDefaults();
        using var host = builder.Build();

        var resource = host.Services.GetRequiredService<TracerProvider>().GetResource();

        Assert.Equal(expected, resource.Attributes.Single(static a => a.Key == "service.name").Value);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("http://localhost:4317", true)]
    public void Export_OnlyWithAnEndpoint(string? endpoint, bool expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(OtlpSettings.EndpointKey, endpoint)]).Build();

        Assert.Equal(expected, OtlpSettings.IsExportWanted(configuration));
    }

    [Fact]
    public async Task Export_EndpointSet_TracesArriveByHttpProtobuf()
    {
        var received = new TaskCompletionSource<string>();
        var collectorBuilder = WebApplication.CreateSlimBuilder();
        collectorBuilder.Logging.ClearProviders();
        collectorBuilder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = collectorBuilder.Build();
        collector.MapPost("/v1/traces", context =>
        {
            received.TrySetResult(context.Request.ContentType!);
            return Task.CompletedTask;
        });
        await collector.StartAsync(Token);
        await using var app = await StartAsync(settings: new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        await http.GetStringAsync("/work", Token);
        app.Services.GetRequiredService<TracerProvider>().ForceFlush();

        Assert.Equal("application/x-protobuf", await received.Task.WaitAsync(Token));
    }

    private sealed class CollectingProcessor(List<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            lock (spans)
                spans.Add(data);
        }
    }
}

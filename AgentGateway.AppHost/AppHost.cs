using Aspire.Hosting.Kubernetes.Resources;

#pragma warning disable ASPIREPROBES001 // WithHttpProbe is marked experimental; it is the only way to give the chart its probes.

var builder = DistributedApplication.CreateBuilder(args);
var gatewayConfig = Path.Combine(builder.AppHostDirectory, "../config/aspire/gateway.yaml");

// Where it is published to: a Helm chart.
builder.AddKubernetesEnvironment("k8s")
    .WithDashboard(false)
    .WithHelm(helm =>
    {
        helm.WithChartName("agentgateway");
        helm.WithChartVersion("0.1.0");
        helm.WithNamespace("agentgateway");
        helm.WithReleaseName("agentgateway");
    });

// Traces: one binary with OTLP in and a page to look at.
var jaeger = builder.AddContainer("jaeger", "jaegertracing/jaeger", "2.20.0")
    .WithEndpoint(port: 4317, targetPort: 4317, scheme: "http", name: "otlp-grpc")
    .WithHttpEndpoint(port: 4318, targetPort: 4318, name: "otlp-http")
    .WithHttpEndpoint(port: 16686, targetPort: 16686, name: "ui")
    .WithHttpHealthCheck("/", endpointName: "ui");

// Sample MCP server. Its name has no hyphen: service discovery does not find hyphenated names again in the published chart.
var mcpfetch = builder.AddProject<Projects.AgentGateway_McpFetch>("mcpfetch", launchProfileName: null)
    .WithHttpEndpoint(targetPort: 8081)
    .WithHttpProbe(ProbeType.Readiness, "/health")
    .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 20)
    .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", jaeger.GetEndpoint("otlp-grpc"))
    .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    .WaitFor(jaeger)
    .PublishAsKubernetesService(service => Harden(service.Workload as Deployment));

// The gateway: clients connect to port 3000.
var proxy = builder.AddProject<Projects.AgentGateway_Proxy>("proxy", launchProfileName: null)
    .WithHttpEndpoint(port: 3000, targetPort: 3000, name: "gateway", isProxied: false)
    .WithHttpEndpoint(port: 15021, targetPort: 15021, name: "readiness", isProxied: false)
    .WithHttpEndpoint(port: 15020, targetPort: 15020, name: "metrics", isProxied: false)
    .WithHttpProbe(ProbeType.Readiness, "/healthz/ready", endpointName: "readiness")
    .WithExternalHttpEndpoints()
    .WithEnvironment("MCPFETCH_URL", mcpfetch.GetEndpoint("http"))
    .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", jaeger.GetEndpoint("otlp-grpc"))
    .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    .WithReference(mcpfetch)
    .WaitFor(mcpfetch)
    .WaitFor(jaeger)
    .PublishAsKubernetesService(service =>
    {
        // The Kubernetes publisher refuses bind mounts: the configuration travels as a ConfigMap.
        service.AdditionalResources.Add(new ConfigMap { Metadata = { Name = "proxy-gateway-config" }, Data = { ["gateway.yaml"] = File.ReadAllText(gatewayConfig) } });
        if (service.Workload is not Deployment deployment)
        {
            return;
        }

        Harden(deployment);
        var pod = deployment.Spec.Template.Spec;
        pod.Volumes.Add(new VolumeV1 { Name = "gateway-config", ConfigMap = new() { Name = "proxy-gateway-config" } });
        var container = pod.Containers[0];
        container.VolumeMounts.Add(new() { Name = "gateway-config", MountPath = "/etc/agentgateway", ReadOnly = true });
        container.Args.AddRange(["-f", "/etc/agentgateway/gateway.yaml"]);
    });

if (builder.ExecutionContext.IsRunMode)
{
    proxy.WithArgs("-f", gatewayConfig);
}

builder.Build().Run();

static void Harden(Deployment? deployment)
{
    foreach (var container in deployment?.Spec.Template.Spec.Containers ?? [])
    {
        container.Resources = new() { Requests = { ["cpu"] = "100m", ["memory"] = "128Mi" }, Limits = { ["memory"] = "512Mi" } };
        container.SecurityContext = new() { RunAsNonRoot = true, ReadOnlyRootFilesystem = true, AllowPrivilegeEscalation = false };

        // The publisher writes the scheme in lower case, which the API server refuses (microsoft/aspire#18271).
        foreach (var probe in new[] { container.ReadinessProbe, container.LivenessProbe, container.StartupProbe })
        {
            if (probe?.HttpGet is { } get)
            {
                get.Scheme = get.Scheme?.ToUpperInvariant();
            }
        }
    }
}

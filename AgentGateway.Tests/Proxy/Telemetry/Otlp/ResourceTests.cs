using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry.Otlp;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Otlp;

public sealed class ResourceTests
{
    [Fact]
    public void Create_EmptyEnvironment_NamesTheService()
    {
        var resource = Resource.Create(null, static _ => null, "host");

        Assert.Equal("agentgateway", resource.ServiceName);
        Assert.Equal("host", resource.Attributes["host.name"]);
        Assert.Equal("dotnet", resource.Attributes["telemetry.sdk.language"]);
        Assert.True(resource.Attributes.ContainsKey("service.version"));
    }

    [Fact]
    public void Create_Environment_IsReadInItsOrderOfPrecedence()
    {
        var resource = Resource.Create(null, Environment(
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=ignored, deployment.environment=a%20b,bad,k8s.pod.name=x"),
            ("OTEL_SERVICE_NAME", "edge"),
            ("POD_NAME", "pod-1"),
            ("NAMESPACE", "prod")), "host");

        Assert.Equal("edge", resource.ServiceName);
        Assert.Equal("a b", resource.Attributes["deployment.environment"]);
        Assert.Equal("pod-1", resource.Attributes["k8s.pod.name"]);
        Assert.Equal("prod", resource.Attributes["k8s.namespace.name"]);
        Assert.Equal("pod-1.prod", resource.Attributes["service.instance.id"]);
    }

    [Fact]
    public void Create_ConfiguredResources_WinOverEverything()
    {
        var tracing = new TracingSnapshot { Endpoint = new Uri("http://c:4317"), ResourceAttributes = [new("service.name", "mine"), new("team", "edge")] };

        var resource = Resource.Create(tracing, Environment(("OTEL_SERVICE_NAME", "other")), "host");

        Assert.Equal("mine", resource.ServiceName);
        Assert.Equal("edge", resource.Attributes["team"]);
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;
}

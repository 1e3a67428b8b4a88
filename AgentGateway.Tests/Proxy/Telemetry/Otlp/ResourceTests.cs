using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry.Attributes;
using Xunit;
using Resource = AgentGateway.Proxy.Telemetry.Otlp.Resource;

namespace AgentGateway.Tests.Proxy.Telemetry.Otlp;

public sealed class ResourceTests
{
    [Fact]
    public void Create_EmptyEnvironment_NamesTheService()
    {
        var resource = Resource.Create(null, static _ => null, "host");

        Assert.Equal("agentgateway", resource.ServiceName);
        Assert.Equal("host", resource.Attributes["host.name"].ToString());
        Assert.Equal("dotnet", resource.Attributes["telemetry.sdk.language"].ToString());
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
        Assert.Equal("a b", resource.Attributes["deployment.environment"].ToString());
        Assert.Equal("pod-1", resource.Attributes["k8s.pod.name"].ToString());
        Assert.Equal("prod", resource.Attributes["k8s.namespace.name"].ToString());
        Assert.Equal("pod-1.prod", resource.Attributes["service.instance.id"].ToString());
    }

    [Fact]
    public void Create_ConfiguredResources_WinOverEverything()
    {
        var tracing = new TracingSnapshot { Endpoint = new Uri("http://c:4317"), Resources = Resources(("service.name", "'mine'"), ("team", "\"ed\" + \"ge\""), ("count", "1 + 1"), ("ok", "true"), ("share", "0.5"), ("list", "[1]")) };

        var resource = Resource.Create(tracing, Environment(("OTEL_SERVICE_NAME", "other")), "host");

        Assert.Equal("mine", resource.ServiceName);
        Assert.Equal("edge", resource.Attributes["team"].ToString());
        Assert.Equal((AttributeValueKind.Int, 2L), (resource.Attributes["count"].Kind, resource.Attributes["count"].Integer));
        Assert.Equal((AttributeValueKind.Bool, true), (resource.Attributes["ok"].Kind, resource.Attributes["ok"].Bool));
        Assert.Equal((AttributeValueKind.Double, 0.5), (resource.Attributes["share"].Kind, resource.Attributes["share"].Double));
        Assert.Equal("[1]", resource.Attributes["list"].ToString());
        Assert.Empty(resource.Failed);
    }

    [Theory]
    [InlineData("request.path")]
    [InlineData("jwt.sub")]
    [InlineData("null")]
    [InlineData("1 / 0")]
    public void Create_ResourceWithoutValue_IsLeftOutWithTheReason(string expression)
    {
        var tracing = new TracingSnapshot { Endpoint = new Uri("http://c:4317"), Resources = Resources(("team", expression)) };

        var resource = Resource.Create(tracing, static _ => null, "host");

        Assert.False(resource.Attributes.ContainsKey("team"));
        Assert.Equal("team", Assert.Single(resource.Failed).Name);
    }

    private static EquatableMap<Expression> Resources(params (string Name, string Source)[] expressions) =>
        new(expressions.Select(static e => KeyValuePair.Create(e.Name, new Expression(e.Source))));

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;
}

using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>Attributes of the process that sends telemetry, in the order and precedence of the telemetry specification, 1.8.</summary>
internal sealed class Resource
{
    private readonly OrderedDictionary<string, string> _attributes = new(StringComparer.Ordinal);

    private Resource()
    {
    }

    public IReadOnlyDictionary<string, string> Attributes => _attributes;

    public string ServiceName => _attributes["service.name"];

    public static Resource Create(TracingSnapshot? tracing, Func<string, string?> environment, string hostName)
    {
        var resource = new Resource();
        var attributes = resource._attributes;
        foreach (var pair in (environment("OTEL_RESOURCE_ATTRIBUTES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=');
            if (equals > 0)
            {
                attributes[pair[..equals].TrimEnd()] = Uri.UnescapeDataString(pair[(equals + 1)..].TrimStart());
            }
        }

        resource.Set("k8s.pod.name", environment("POD_NAME"));
        resource.Set("k8s.namespace.name", environment("NAMESPACE"));
        resource.Set("k8s.node.name", environment("NODE_NAME"));
        resource.Set("k8s.pod.ip", environment("INSTANCE_IP"));
        if (environment("POD_NAME") is { Length: > 0 } pod && environment("NAMESPACE") is { Length: > 0 } space)
        {
            attributes["service.instance.id"] = $"{pod}.{space}";
        }

        if (!attributes.ContainsKey("host.name"))
        {
            resource.Set("host.name", hostName);
        }

        attributes["service.version"] = BuildInformation.Version;
        attributes["telemetry.sdk.language"] = "dotnet";
        attributes["telemetry.sdk.name"] = "agentgateway";
        attributes["telemetry.sdk.version"] = BuildInformation.Version;
        if (environment("OTEL_SERVICE_NAME") is { Length: > 0 } service)
        {
            attributes["service.name"] = service;
        }
        else
        {
            attributes.TryAdd("service.name", "agentgateway");
        }

        foreach (var (name, value) in tracing?.ResourceAttributes ?? [])
        {
            attributes[name] = value;
        }

        return resource;
    }

    /// <summary>The start of every export: fields <c>resource</c> of <c>ResourceSpans</c>.</summary>
    public byte[] Encode()
    {
        using var buffer = new ByteBuffer();
        var resource = buffer.BeginMessage(1);
        foreach (var (name, value) in _attributes)
        {
            var pair = buffer.BeginMessage(1);
            buffer.AppendStringField(1, name);
            Tracing.OtlpValue.Write(buffer, 2, value);
            buffer.EndMessage(pair);
        }

        buffer.EndMessage(resource);
        return buffer.WrittenSpan.ToArray();
    }

    private void Set(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _attributes[name] = value;
        }
    }
}

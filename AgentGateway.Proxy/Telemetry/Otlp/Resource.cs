using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Expressions;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Telemetry.Attributes;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>Attributes of the process that sends telemetry, in the order and precedence of the telemetry specification, 1.8.</summary>
internal sealed class Resource
{
    private readonly OrderedDictionary<string, AttributeValue> _attributes = new(StringComparer.Ordinal);

    private Resource()
    {
    }

    public IReadOnlyDictionary<string, AttributeValue> Attributes => _attributes;

    /// <summary>Configured attributes that have no value, with the reason.</summary>
    public List<(string Name, string Reason)> Failed { get; } = [];

    public string ServiceName => _attributes["service.name"].ToString();

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

        foreach (var (name, expression) in tracing?.Resources ?? EquatableMap<Expression>.Empty)
        {
            resource.Evaluate(name, expression);
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

    // Once, without a request: all that an expression can see is the environment.
    private void Evaluate(string name, Expression expression)
    {
        var value = expression.Program.Evaluate(EnvironmentOnly.Instance);
        switch (value.Kind)
        {
            case CelKind.Int:
                _attributes[name] = value.AsInt();
                break;
            case CelKind.Double:
                _attributes[name] = value.AsDouble();
                break;
            case CelKind.Bool:
                _attributes[name] = value.AsBool();
                break;
            default:
                if (ExpressionText.TryText(value, out var text))
                {
                    _attributes[name] = text;
                }
                else
                {
                    Failed.Add((name, value.Error?.Message ?? "it gives no value"));
                }

                break;
        }
    }

    private void Set(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _attributes[name] = value;
        }
    }
}

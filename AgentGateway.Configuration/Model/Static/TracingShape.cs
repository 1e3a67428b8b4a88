using System.Text.Json;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Static;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>The <c>config.tracing</c> section with its environment variables, which win over the file.</summary>
internal static class TracingShape
{
    public static Shape<OtlpProtocol> Protocol { get; } = Shapes.Enum(("grpc", OtlpProtocol.Grpc), ("http", OtlpProtocol.HttpProtobuf));

    public static Shape<TracingSnapshot> Shape { get; } = Shapes.Object("StaticTracing", "Export of request traces over OTLP.", Read);

    private static TracingSnapshot Read(ObjectReader r)
    {
        var endpoint = r.Optional("otlpEndpoint", Shapes.NonEmptyText, "Collector as URL or `host:port`. Overridden by `OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`.", "http://localhost:4317");
        var protocol = r.Value("otlpProtocol", Protocol, OtlpProtocol.Grpc, "Wire protocol. Overridden by `OTLP_PROTOCOL` and its OTEL forms.", "grpc");
        var path = r.Optional("path", Shapes.NonEmptyText, "Path of an HTTP export, appended to the endpoint unless it ends with it already; `/v1/traces` by default.", "/v1/traces");
        var headers = r.Map("headers", Shapes.Text, "Headers (gRPC: metadata) of each export, as they are. Merged with `OTLP_HEADERS` and its OTEL forms.", "Authorization", "Basic abc");
        var random = r.Optional("randomSampling", SamplingShape.Shape, "Decision for requests without trace context: boolean, probability or expression; false by default.", "true");
        var client = r.Optional("clientSampling", SamplingShape.Shape, "Decision for requests whose trace context is sampled: boolean, probability or expression; true by default.", "0.5");

        var fields = r.Optional("fields", LoggingFields.Shape, "Attributes of spans.") ?? new LoggingFields();

        var environment = r.Context.Options.Environment;
        var variable = FirstSet(environment, "OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT");
        protocol = ProtocolFromEnvironment(r, environment) ?? protocol;
        Uri? address = null;
        if (variable is { } fromEnvironment)
        {
            // The OpenTelemetry specification: the variable of one signal is the whole URL.
            address = TracingEndpoint.Normalise(fromEnvironment.Value, path, protocol, verbatim: fromEnvironment.Name == "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" && path is null, out var problem);
            if (problem is not null)
            {
                r.Error($"{fromEnvironment.Name}: {problem}");
            }
        }
        else if (endpoint is null)
        {
            r.Error("config.tracing requires otlpEndpoint or one of OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or OTEL_EXPORTER_OTLP_ENDPOINT");
        }
        else
        {
            address = TracingEndpoint.Normalise(endpoint, path, protocol, verbatim: false, out var problem);
            if (problem is not null)
            {
                r.Error("otlpEndpoint", problem);
            }
        }

        return new TracingSnapshot
        {
            Endpoint = address ?? new Uri("http://localhost:4317"),
            Protocol = protocol,
            Headers = Headers(r, headers, environment),
            RandomSampling = random,
            ClientSampling = client,
            Attributes = fields.Add,
            Remove = fields.Remove,
        };
    }

    private static OtlpProtocol? ProtocolFromEnvironment(ObjectReader r, Func<string, string?> environment)
    {
        if (FirstSet(environment, "OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL") is not { } variable)
        {
            return null;
        }

        switch (variable.Value)
        {
            case "grpc":
                return OtlpProtocol.Grpc;
            case "http" or "http/protobuf":
                return OtlpProtocol.HttpProtobuf;
            default:
                r.Error($"{variable.Name}: unsupported OTLP protocol; set grpc or http/protobuf");
                return null;
        }
    }

    private static EquatableMap<Secret> Headers(ObjectReader r, EquatableMap<string> file, Func<string, string?> environment)
    {
        var headers = new OrderedDictionary<string, Secret>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in file)
        {
            if (!Traffic.TrafficShapes.IsToken(name))
            {
                r.Error("headers", $"`{Quoting.Shorten(name)}` is not an HTTP header name");
            }

            headers[name] = new Secret(Literal(value));
        }

        if (FirstSet(environment, "OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS") is { } variable)
        {
            if (!TryReadHeaders(variable.Value, headers))
            {
                r.Error($"{variable.Name}: write a JSON object of strings or `name=value,name=value`");
            }
        }

        foreach (var (name, value) in headers)
        {
            if (HeaderShapes.HasControls(value.Reveal()))
            {
                r.Error("headers", $"the value of `{Quoting.Shorten(name)}` cannot be sent: it has a line break or another control character; remove it");
            }
        }

        return new EquatableMap<Secret>(headers, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A value is sent as it is; one that is a single quoted string, as later versions of the original ask for, loses its quotes.</summary>
    internal static string Literal(string value)
    {
        if (value.Length < 2 || value[0] is not ('"' or '\'') || value[^1] != value[0])
        {
            return value;
        }

        var inner = value[1..^1];
        return inner.Contains(value[0]) || inner.Contains('\\', StringComparison.Ordinal) ? value : inner;
    }

    private static bool TryReadHeaders(string text, OrderedDictionary<string, Secret> headers)
    {
        if (text.TrimStart().StartsWith('{'))
        {
            return TryReadJsonHeaders(text, headers);
        }

        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !Traffic.TrafficShapes.IsToken(part.AsSpan(0, equals).Trim()))
            {
                return false;
            }

            headers[part[..equals].Trim()] = new Secret(Uri.UnescapeDataString(part[(equals + 1)..].Trim()));
        }

        return true;
    }

    private static bool TryReadJsonHeaders(string text, OrderedDictionary<string, Secret> headers)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.String || !Traffic.TrafficShapes.IsToken(property.Name))
                {
                    return false;
                }

                headers[property.Name] = new Secret(property.Value.GetString()!);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static (string Name, string Value)? FirstSet(Func<string, string?> environment, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (environment(name) is { Length: > 0 } value)
            {
                return (name, value);
            }
        }

        return null;
    }
}

using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Model.Static;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Conversion.Migration;

/// <summary>
/// Moves settings from older places to newer ones: <c>config.tracing</c> to <c>frontendPolicies.tracing</c>, and <c>filter</c> and <c>fields</c> of
/// <c>config.logging</c> to <c>frontendPolicies.accessLog</c>. References to the environment stay references.
/// </summary>
public static class ConfigurationMigration
{
    /// <summary>Migrates a document.</summary>
    /// <param name="text">A configuration in YAML or JSON, before environment expansion.</param>
    /// <returns>The new text, which is the old one when there is nothing to move; or why it cannot be migrated.</returns>
    public static ConversionResult Migrate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new List<ConfigurationProblem>();
        if (DocumentEdit.Parse(text, problems) is not { } root)
        {
            return new ConversionResult(null, string.Join('\n', problems), []);
        }

        var notes = new List<ConversionNote>();
        var config = root.GetMap("config");
        var frontend = root.GetMap("frontendPolicies") ?? MappingNode.Empty;
        var logging = config.GetMap("logging");
        var moved = MappingNode.Empty;
        string? problem = null;
        if (logging.Get("filter") is not null || logging.Get("fields") is not null)
        {
            if (frontend.Has("accessLog") || frontend.Has("logging"))
            {
                problem = "cannot use deprecated config.logging together with frontendPolicies.accessLog; move filter and fields there by hand";
            }
            else
            {
                moved = moved.With("accessLog", Fields(logging!.GetMap("fields"), logging.Get("filter"), "add"));
                logging = logging!.Without("filter", "fields");
                config = logging.Entries.Length == 0 ? config!.Without("logging") : config!.With("logging", logging);
                notes.Add(new ConversionNote(ConversionFidelity.Exact, "config.logging", "filter and fields are now in frontendPolicies.accessLog"));
            }
        }

        if (config.GetMap("tracing") is { } tracing)
        {
            if (frontend.Has("tracing"))
            {
                problem = "cannot use deprecated config.tracing together with frontendPolicies.tracing; remove one of them";
            }
            else if (tracing.GetText("otlpEndpoint") is not { } endpoint)
            {
                notes.Add(new ConversionNote(
                    ConversionFidelity.Manual, "config.tracing", "stays where it is: its endpoint comes from the environment (OTLP_ENDPOINT), which frontendPolicies.tracing does not read"));
            }
            else if (Tracing(tracing, endpoint, notes) is { } newer)
            {
                moved = moved.With("tracing", newer);
                config = config!.Without("tracing");
                notes.Add(new ConversionNote(
                    ConversionFidelity.Approximate, "config.tracing", "is now frontendPolicies.tracing, which the variables OTLP_* and OTEL_EXPORTER_OTLP_* do not override"));
            }
        }

        if (problem is not null || moved.Entries.Length == 0)
        {
            return new ConversionResult(problem is null ? text : null, problem, notes);
        }

        return new ConversionResult(new DocumentEdit(text, root, config!, moved, notes).Apply(), null, notes);
    }

    private static MappingNode Fields(MappingNode? fields, ConfigNode? filter, string add) =>
        Yaml.Map(("filter", filter), (add, fields.Get("add")), ("remove", fields.Get("remove")));

    private static MappingNode? Tracing(MappingNode tracing, string endpoint, List<ConversionNote> notes)
    {
        var protocol = tracing.GetText("otlpProtocol") is "http" ? OtlpProtocol.HttpProtobuf : OtlpProtocol.Grpc;
        var host = endpoint;
        var path = tracing.GetText("path");
        if (endpoint.Contains('$', StringComparison.Ordinal))
        {
            notes.Add(new ConversionNote(ConversionFidelity.Manual, "config.tracing.otlpEndpoint", "comes from the environment: see that it holds scheme, host and port only; a path goes to frontendPolicies.tracing.path"));
        }
        else
        {
            var address = TracingEndpoint.Normalise(endpoint, path, protocol, verbatim: false, out var problem);
            if (address is null)
            {
                notes.Add(new ConversionNote(ConversionFidelity.Manual, "config.tracing", $"stays where it is: {problem}"));
                return null;
            }

            host = address.Scheme == Uri.UriSchemeHttps ? address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : $"{address.Host}:{address.Port}";
            path = protocol == OtlpProtocol.Grpc || address.PathAndQuery == "/v1/traces" ? null : address.PathAndQuery;
        }

        var headers = tracing.GetMap("headers");
        var set = headers is null ? null : Yaml.Map(headers.Entries.Select(static e => (e.Key, (ConfigNode?)(e.Value is ScalarNode value ? Yaml.Text(TracingShape.Literal(value.Text)) : e.Value))));
        var fields = tracing.GetMap("fields");
        return Yaml.Map(
            ("host", Yaml.Text(host)),
            ("protocol", tracing.Get("otlpProtocol")),
            ("path", path is null ? null : Yaml.Text(path)),
            ("policies", set?.OrNull() is { } values ? Yaml.Map(("requestHeaderModifier", Yaml.Map(("set", values)))) : null),
            ("randomSampling", tracing.Get("randomSampling")),
            ("clientSampling", tracing.Get("clientSampling")),
            ("attributes", fields.Get("add")),
            ("remove", fields.Get("remove")));
    }
}

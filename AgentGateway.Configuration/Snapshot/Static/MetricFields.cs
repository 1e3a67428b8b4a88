using System.Collections.Frozen;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Labels of metrics.</summary>
public sealed record MetricFields
{
    internal static Shape<MetricFields> Shape { get; } = Shapes.Object("MetricFields", "Labels of metrics.", Read);

    // Labels that metrics have by themselves (telemetry specification, 2.2): a series with one label twice makes scrapers drop everything.
    private static readonly FrozenSet<string> Taken = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            "backend", "protocol", "method", "status", "reason", "bind", "gateway", "listener", "route", "route_rule", "resource_type", "server", "resource",
            "gen_ai_operation_name", "gen_ai_system", "gen_ai_request_model", "gen_ai_response_model", "gen_ai_token_type", "le",
        ]);

    /// <summary>Labels to add.</summary>
    public EquatableMap<Expression> Add { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>The label of a name: the exposition format knows letters, digits and underscores, and no digit first.</summary>
    public static string LabelOf(string name)
    {
        var label = string.Create(name.Length, name, static (text, name) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
            }
        });
        return label.Length == 0 || char.IsAsciiDigit(label[0]) ? "_" + label : label;
    }

    private static MetricFields Read(ObjectReader r)
    {
        var labels = new HashSet<string>(StringComparer.Ordinal);
        return new MetricFields
        {
            Add = r.Map("add", Expression.Shape, "Labels to add.", "user", "jwt.sub", name =>
            {
                var label = LabelOf(name);
                return Taken.Contains(label) ? $"metrics have a label `{label}` of their own; choose another name"
                    : labels.Add(label) ? null
                    : $"another entry has the label `{label}` already; choose another name";
            }),
        };
    }
}

using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Static;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry.Metrics;

namespace AgentGateway.Proxy.Telemetry.Fields;

/// <summary>Labels that configuration adds to metrics (<c>config.metrics.fields.add</c>): strings; anything else is <c>unknown</c>.</summary>
internal sealed class MetricLabels(EquatableMap<Expression> add)
{
    // Expressions of static settings compile once, at start.
    private readonly (string Label, Field Field)[] _labels = [.. add.Select(entry => (MetricFields.LabelOf(entry.Key), new Field(entry.Key, entry.Value.Program)))];

    public IEnumerable<CelProgram> Programs => _labels.Select(label => label.Field.Program);

    /// <summary>The rendered labels of a request; empty when none are configured.</summary>
    public string Render(RequestContext context)
    {
        if (_labels.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (label, field) in _labels)
        {
            Append(text, label, field.Evaluate(context));
        }

        return text.ToString();
    }

    /// <summary>The rendered labels of a connection without HTTP.</summary>
    public string Render(ICelActivation connection)
    {
        var text = new StringBuilder();
        foreach (var (label, field) in _labels)
        {
            Append(text, label, field.Evaluate(connection));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string label, CelValue value) =>
        MetricFamily.AppendLabel(text, label, value.Kind == CelKind.String ? value.AsString() : null);
}

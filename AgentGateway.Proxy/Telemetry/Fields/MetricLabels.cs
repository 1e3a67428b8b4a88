using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry.Metrics;

namespace AgentGateway.Proxy.Telemetry.Fields;

/// <summary>Labels that configuration adds to metrics (<c>config.metrics.fields.add</c>): strings; anything else is <c>unknown</c>.</summary>
internal sealed class MetricLabels(EquatableMap<Expression> add)
{
    // Expressions of static settings compile once, at start.
    private readonly (string Label, Field Field)[] _labels = [.. add.Select(entry => (LabelName(entry.Key), new Field(entry.Key, entry.Value.Program)))];

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
            var value = field.Evaluate(context);
            MetricFamily.AppendLabel(text, label, value.Kind == CelKind.String ? value.AsString() : null);
        }

        return text.ToString();
    }

    // The exposition format knows letters, digits and underscores, and no digit first.
    private static string LabelName(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        }

        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
    }
}

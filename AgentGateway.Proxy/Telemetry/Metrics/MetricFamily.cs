using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace AgentGateway.Proxy.Telemetry.Metrics;

/// <summary>
/// A metric with its series. The number of series is bounded, because clients choose some label values (methods, tool names); what comes
/// beyond the bound is counted in one series whose labels are all <c>unknown</c>.
/// </summary>
internal sealed class MetricFamily(string name, string help, MetricType type, string[] labels, double[]? buckets = null, string? unit = null, Func<double>? read = null)
{
    /// <summary>What stands for a label value that is not known.</summary>
    public const string Unknown = "unknown";

    internal const int MaxSeries = 5000;

    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);

    /// <summary>Name without <c>_total</c> and <c>_info</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Unit that ends the name, or null.</summary>
    public string? Unit { get; } = unit;

    /// <summary>The series of label values, in the order of the label names; null and empty values become <c>unknown</c>.</summary>
    /// <param name="custom">Further labels, rendered; empty for none.</param>
    /// <param name="values">Values of the family's own labels.</param>
    public Series Get(string custom, params ReadOnlySpan<string?> values)
    {
        var key = Render(values, custom);
        if (_series.TryGetValue(key, out var series))
        {
            return series;
        }

        if (_series.Count >= MaxSeries)
        {
            key = Render(new string?[labels.Length], "");
        }

        return _series.GetOrAdd(key, rendered => buckets is null ? new Series(rendered) : new HistogramSeries(rendered, buckets));
    }

    public HistogramSeries GetHistogram(string custom, params ReadOnlySpan<string?> values) => (HistogramSeries)Get(custom, values);

    /// <summary>Appends <c>name="value"</c>, escaped as the exposition format asks.</summary>
    public static void AppendLabel(StringBuilder text, string label, string? value)
    {
        if (text.Length > 0)
        {
            text.Append(',');
        }

        text.Append(label).Append("=\"");
        foreach (var c in string.IsNullOrEmpty(value) ? Unknown : value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    /// <summary>Writes the family as OpenMetrics text.</summary>
    public void WriteTo(ByteBuffer buffer)
    {
        Line(buffer, $"# HELP {Name} {help}.");
        Line(buffer, $"# TYPE {Name} {type.ToString().ToLowerInvariant()}");
        if (Unit is not null)
        {
            Line(buffer, $"# UNIT {Name} {Unit}");
        }

        if (read is not null)
        {
            Line(buffer, $"{Name}{(type == MetricType.Counter ? "_total" : "")} {Number(read())}");
            return;
        }

        foreach (var (_, series) in _series)
        {
            if (series is HistogramSeries histogram)
            {
                Write(buffer, histogram);
                continue;
            }

            var suffix = type switch { MetricType.Counter => "_total", MetricType.Info => "_info", _ => "" };
            Line(buffer, $"{Name}{suffix}{Braces(series.Labels)} {series.Value.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private static void Line(ByteBuffer buffer, string text)
    {
        buffer.AppendUtf8(text);
        buffer.Append((byte)'\n');
    }

    private static string Braces(string labels) => labels.Length == 0 ? "" : "{" + labels + "}";

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private string Render(ReadOnlySpan<string?> values, string custom)
    {
        var text = new StringBuilder();
        for (var i = 0; i < labels.Length; i++)
        {
            AppendLabel(text, labels[i], i < values.Length ? values[i] : null);
        }

        if (custom.Length > 0)
        {
            text.Append(text.Length > 0 ? "," : "").Append(custom);
        }

        return text.ToString();
    }

    private void Write(ByteBuffer buffer, HistogramSeries histogram)
    {
        Span<long> counts = stackalloc long[buckets!.Length + 1];
        var sum = histogram.Read(counts);
        var comma = histogram.Labels.Length == 0 ? "" : ",";
        long total = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
        }

        Line(buffer, $"{Name}_sum{Braces(histogram.Labels)} {Number(sum)}");
        Line(buffer, $"{Name}_count{Braces(histogram.Labels)} {total.ToString(CultureInfo.InvariantCulture)}");
        long cumulative = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            cumulative += counts[i];
            var bound = i < buckets.Length ? Bound(buckets[i]) : "+Inf";
            Line(buffer, $"{Name}_bucket{{le=\"{bound}\"{comma}{histogram.Labels}}} {cumulative.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    // OpenMetrics writes whole bounds with a point.
    private static string Bound(double value)
    {
        var text = value.ToString("0.################", CultureInfo.InvariantCulture);
        return text.Contains('.') ? text : text + ".0";
    }
}

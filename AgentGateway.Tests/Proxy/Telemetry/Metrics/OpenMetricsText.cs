using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Metrics;

/// <summary>
/// A strict reader of OpenMetrics text 1.0, written from its specification alone: what it reads has one <c>EOF</c> at the end, families in one piece
/// with their metadata first, sample names that fit the type, no series twice, and histograms whose buckets add up.
/// </summary>
internal sealed partial class OpenMetricsText
{
    private readonly Dictionary<string, (string Type, List<OpenMetricsSample> Samples)> _families = new(StringComparer.Ordinal);

    public IReadOnlyList<OpenMetricsSample> this[string family] => _families[family].Samples;

    public string TypeOf(string family) => _families[family].Type;

    public static OpenMetricsText Parse(string text)
    {
        var result = new OpenMetricsText();
        var lines = text.Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.Equal("# EOF", lines[^2]);
        var current = "";
        var metadata = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines[..^2])
        {
            var meta = MetadataLine().Match(line);
            if (meta.Success)
            {
                var name = meta.Groups["name"].Value;
                if (name != current)
                {
                    Assert.True(result._families.TryAdd(name, ("", [])), $"{name} comes in two pieces");
                    current = name;
                    metadata.Clear();
                }

                var (type, samples) = result._families[name];
                Assert.True(metadata.Add(meta.Groups["kind"].Value), line);
                Assert.Empty(samples);
                switch (meta.Groups["kind"].Value)
                {
                    case "TYPE":
                        Assert.Contains(meta.Groups["rest"].Value, (string[])["counter", "gauge", "histogram", "info"]);
                        result._families[name] = (meta.Groups["rest"].Value, samples);
                        break;
                    case "UNIT":
                        Assert.EndsWith("_" + meta.Groups["rest"].Value, name, StringComparison.Ordinal);
                        break;
                }

                continue;
            }

            var sample = OpenMetricsSample.Parse(line);
            Assert.NotEqual("", result._families[current].Type);
            Assert.StartsWith(current, sample.Name, StringComparison.Ordinal);
            var suffix = sample.Name[current.Length..];
            Assert.Contains(suffix, result._families[current].Type switch
            {
                "counter" => (string[])["_total"],
                "info" => ["_info"],
                "histogram" => ["_bucket", "_sum", "_count"],
                _ => [""],
            });
            Assert.True(result._families[current].Type == "gauge" || sample.Value >= 0, line);
            result._families[current].Samples.Add(sample);
        }

        foreach (var (name, (type, samples)) in result._families)
        {
            var keys = samples.Select(sample => sample.Name + string.Join('\0', sample.Labels.Select(label => label.Name + "=" + label.Value))).ToList();
            Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
            if (type == "histogram")
            {
                CheckHistogram(name, samples);
            }
        }

        return result;
    }

    private static void CheckHistogram(string name, List<OpenMetricsSample> samples)
    {
        foreach (var series in samples.GroupBy(sample => string.Join('\0', sample.Labels.Where(label => label.Name != "le").Select(label => label.Name + "=" + label.Value))))
        {
            var buckets = series.Where(sample => sample.Name == name + "_bucket").ToList();
            var bounds = buckets.Select(bucket => Bound(bucket["le"]!)).ToList();
            Assert.Equal(bounds.Order(), bounds);
            Assert.Equal(bounds.Count, bounds.Distinct().Count());
            Assert.Equal(double.PositiveInfinity, bounds[^1]);
            Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
            Assert.Equal(buckets[^1].Value, Assert.Single(series, sample => sample.Name == name + "_count").Value);
            Assert.Single(series, sample => sample.Name == name + "_sum");
        }
    }

    private static double Bound(string text)
    {
        Assert.Matches("^([0-9]+\\.[0-9]+|\\+Inf)$", text);
        return text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^# (?<kind>TYPE|HELP|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>[^\\n]+)$")]
    private static partial Regex MetadataLine();
}

using System.Globalization;
using System.Text;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Metrics;

/// <summary>One line of OpenMetrics text that carries a value.</summary>
internal sealed record OpenMetricsSample(string Name, IReadOnlyList<(string Name, string Value)> Labels, double Value)
{
    public string? this[string label] => Labels.FirstOrDefault(entry => entry.Name == label).Value;

    public static OpenMetricsSample Parse(string line)
    {
        var at = 0;
        var name = TakeName(line, ref at);
        var labels = new List<(string, string)>();
        if (line[at] == '{')
        {
            do
            {
                at++;
                var label = TakeName(line, ref at);
                Assert.DoesNotContain(labels, entry => entry.Item1 == label);
                Assert.Equal("=\"", line.Substring(at, 2));
                at += 2;
                labels.Add((label, TakeValue(line, ref at)));
            }
            while (line[at] == ',');

            Assert.Equal('}', line[at++]);
        }

        Assert.Equal(' ', line[at++]);
        Assert.Matches("^[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$", line[at..]);
        return new OpenMetricsSample(name, labels, double.Parse(line.AsSpan(at), CultureInfo.InvariantCulture));
    }

    private static string TakeName(string line, ref int at)
    {
        var start = at;
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '_'))
        {
            at++;
        }

        Assert.True(at > start && !char.IsAsciiDigit(line[start]), line);
        return line[start..at];
    }

    private static string TakeValue(string line, ref int at)
    {
        var value = new StringBuilder();
        for (; line[at] != '"'; at++)
        {
            if (line[at] != '\\')
            {
                value.Append(line[at]);
                continue;
            }

            at++;
            Assert.Contains(line[at], "\\\"n");
            value.Append(line[at] == 'n' ? '\n' : line[at]);
        }

        at++;
        return value.ToString();
    }
}

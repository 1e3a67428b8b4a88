using Xunit;

namespace AgentGateway.Tests.Configuration.Snapshot.Static;

public sealed class MetricFieldsTests
{
    [Theory]
    [InlineData("method", "metrics have a label `method` of their own; choose another name")]
    [InlineData("route.rule", "metrics have a label `route_rule` of their own; choose another name")]
    [InlineData("le", "metrics have a label `le` of their own; choose another name")]
    [InlineData("x_y", "another entry has the label `x_y` already; choose another name")]
    public void Load_LabelThatAMetricHasAlready_IsRefused(string name, string problem) =>
        Assert.Equal($"invalid key `{name}`: {problem}", TestLoad.SingleError($"config: {{metrics: {{fields: {{add: {{x.y: source.address, {name}: source.address}}}}}}}}").Message);
}

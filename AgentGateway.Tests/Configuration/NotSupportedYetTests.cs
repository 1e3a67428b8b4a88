using AgentGateway.Configuration;
using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Reading;
using Xunit;

namespace AgentGateway.Tests.Configuration;

public sealed class NotSupportedYetTests
{
    [Fact]
    public void All_EachEntry_NamesAKeyOfTheModel()
    {
        var catalogue = new Catalogue();
        ConfigurationDocument.Shape.Describe(catalogue);
        var known = catalogue.Objects.SelectMany(static o => o.Keys.Select(k => $"{o.Name}.{k.Key}"))
            .Concat(catalogue.Objects.Where(static o => o.Name == "GatewayPolicies").SelectMany(static o => o.Keys.Select(static k => $"GatewayPolicies.{k.Key}")))
            .ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(NotSupportedYet.All, entry => !known.Contains(entry));
    }
}

using System.Globalization;
using System.Text;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Loading;

public sealed class ManyRoutesTests
{
    private const int Routes = 10_000;

    [Fact]
    public void Load_TenThousandRoutes_KeepsEachOnce()
    {
        var text = new StringBuilder("binds:\n- port: 3000\n  listeners:\n  - routes:\n");
        for (var i = 0; i < Routes; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    - {{name: r{i}, matches: [{{path: {{pathPrefix: /s{i}}}}}], policies: {{authorization: {{rules: ['request.path == \"/s{i % 7}\"']}}}}, backends: [{{host: \"h{i}:80\"}}]}}\n");
        }

        var routes = LoadValid(text.ToString(), forRuntime: true).Snapshot!.Binds[0].Listeners[0].Routes;

        Assert.Equal(Routes, routes.Length);
        Assert.Equal(Routes, routes.Select(static r => r.Key).Distinct().Count());
        Assert.Equal("default/r9999", routes[^1].Name);
        Assert.Equal("/s9999", Assert.Single(routes[^1].Matches).Path.Value);
        Assert.Equal("h9999:80", Assert.IsType<AgentGateway.Configuration.Snapshot.HostBackendSnapshot>(Assert.Single(routes[^1].Backends).Backend).Target.ToString());
        Assert.All(routes, static r => Assert.Single(r.Policies));
    }
}

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

    [Fact]
    public void Load_MistakesFarApart_AreFoundWithTheirPlacesInTheOrderOfTheDocument()
    {
        var routes = Enumerable.Range(0, 2_000).Select(static i => $"{{name: r{i}, backends: [{{host: 'h{i}:80'}}]}}").ToArray();
        routes[3] = "{name: r3, timeout: 1s, backends: []}";
        routes[700] = "{name: r700, backends: [{backend: missing}]}";
        routes[1_000] = "{name: r1000, policies: {authorization: {rules: ['a +']}}, backends: []}";
        routes[1_500] = "{name: r1500, policies: {jwtAuth: {issuer: a, jwks: {file: keys.json}}}, backends: []}";
        routes[1_999] = "{name: r1999, policies: {authorization: {rules: ['reqest.path == \"/\"']}}, backends: [{host: 'h:99999'}]}";

        var result = Load("binds:\n- port: 3000\n  listeners:\n  - routes:\n" + string.Concat(routes.Select(static r => $"    - {r}\n")));

        Assert.Equal(
            ["[3].timeout", "[700].backends[0].backend", "[1000].policies.authorization.rules[0]", "[1500].policies.jwtAuth.jwks.file", "[1999].backends[0].host"],
            result.Errors.Select(static e => e.Path["binds[0].listeners[0].routes".Length..]));
        Assert.Equal([8, 705, 1_005, 1_505, 2_004], result.Errors.Select(static e => e.Line));
        Assert.Equal("binds[0].listeners[0].routes[1999].policies.authorization.rules[0]", Assert.Single(result.Warnings).Path);
        Assert.Equal(["keys.json"], result.ReferencedFiles);
    }

    [Fact]
    public void Load_MoreMistakesThanAreListed_CountsTheRest()
    {
        var text = "binds:\n- port: 3000\n  listeners:\n  - routes:\n" + string.Concat(Enumerable.Range(0, 3_000).Select(static i => $"    - {{name: r{i}, tiemout: 1s}}\n"));

        var errors = Load(text).Errors;

        Assert.Equal(1_001, errors.Count);
        Assert.Contains("2000 more errors are not listed", errors[^1].Message, StringComparison.Ordinal);
        Assert.Equal("binds[0].listeners[0].routes[999].tiemout", errors[^2].Path);
    }
}

using AgentGateway.Configuration.Snapshot;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class StateKeysTests
{
    [Fact]
    public void StateKey_EverythingHasAName_IsTheKey()
    {
        var listener = Listeners("- {name: web, routes: [{name: a, ruleName: r, namespace: n}, {name: b}]}")[0];

        Assert.Equal(listener.Key, listener.StateKey);
        Assert.All(listener.Routes, static route => Assert.Equal(route.Key, route.StateKey));
    }

    [Fact]
    public void StateKey_WithoutNames_DoesNotDependOnWhatStandsBefore()
    {
        const string Route = "{hostnames: [a.example], matches: [{path: {exact: /x}, method: GET, headers: [{name: h, value: {exact: v}}], query: [{name: q, value: {regex: 'v+'}}]}], backends: [{host: 'one:80'}, {host: 'two:80'}]}";

        var before = Listeners($"- {{hostname: a.example, routes: [{Route}]}}")[0].Routes[0];
        var after = Listeners($"- {{routes: []}}\n  - {{hostname: a.example, routes: [{{matches: [{{path: {{exact: /y}}}}]}}, {Route}]}}")[1].Routes[1];

        Assert.NotEqual(before.Key, after.Key);
        Assert.Equal(before.StateKey, after.StateKey);
        Assert.Equal(before.Backends.Select(static b => b.Backend.StateKey), after.Backends.Select(static b => b.Backend.StateKey));
    }

    [Fact]
    public void StateKey_BackendsStandInAnotherOrder_IsThatOfTheHost()
    {
        var before = Listeners("- {routes: [{name: r, backends: [{host: 'one:80'}, {host: 'one:80'}]}]}")[0].Routes[0].Backends;
        var after = Listeners("- {routes: [{name: r, backends: [{host: 'two:80'}, {host: 'one:80'}, {host: 'one:80'}]}]}")[0].Routes[0].Backends;

        Assert.Equal(before.Select(static b => b.Backend.StateKey), after.Skip(1).Select(static b => b.Backend.StateKey));
        Assert.Equal(3, after.Select(static b => b.Backend.StateKey).Distinct().Count());
    }

    [Theory]
    [InlineData("{matches: [{path: {exact: /x}}]}", "{matches: [{path: {pathPrefix: /x}}]}")]
    [InlineData("{matches: [{path: {exact: /x}}]}", "{matches: [{path: {exact: /x}, method: GET}]}")]
    [InlineData("{matches: [{path: {exact: /x}}]}", "{matches: [{path: {exact: /x}}], hostnames: [a]}")]
    [InlineData("{matches: [{headers: [{name: a, value: {exact: b}}]}]}", "{matches: [{headers: [{name: a, value: {regex: b}}]}]}")]
    [InlineData("{matches: [{headers: [{name: a, value: {exact: b}}]}]}", "{matches: [{query: [{name: a, value: {exact: b}}]}]}")]
    [InlineData("{}", "{}")]
    public void StateKey_TwoRoutes_AreDifferent(string one, string other)
    {
        var routes = Listeners($"- {{routes: [{one}, {other}]}}")[0].Routes;

        Assert.NotEqual(routes[0].StateKey, routes[1].StateKey);
    }

    [Fact]
    public void StateKey_TwoListenersAlike_AreDifferent()
    {
        var listeners = Listeners("- {routes: []}\n  - {routes: []}");

        Assert.NotEqual(listeners[0].StateKey, listeners[1].StateKey);
    }

    private static IReadOnlyList<ListenerSnapshot> Listeners(string listeners) => [.. Load($"binds:\n- port: 3000\n  listeners:\n  {listeners}\n").Snapshot!.Binds[0].Listeners];
}

using AgentGateway.Configuration.Snapshot;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class NormalisedBindTests
{
    [Fact]
    public void Load_TwoBindsWithoutPort_IsRefused()
    {
        var error = SingleError(
            """
            binds:
            - {mode: internal, listeners: [{routes: []}]}
            - {mode: internal, listeners: [{routes: []}]}
            """);

        Assert.Contains("at most one wildcard bind", error.Message, StringComparison.Ordinal);
        Assert.Equal("binds[1].port", error.Path);
    }

    [Fact]
    public void Load_InternalPortZeroBesideBindWithoutPort_IsASecondWildcard()
    {
        var error = SingleError(
            """
            binds:
            - {mode: internal, listeners: [{routes: []}]}
            - {mode: internal, port: 0, listeners: [{routes: []}]}
            """);

        Assert.Contains("at most one wildcard bind", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, error.Line);
    }

    [Fact]
    public void Load_SingleInternalPortZero_IsTheWildcard()
    {
        var bind = Assert.Single(LoadValid("binds: [{mode: internal, port: 0, listeners: [{routes: []}]}]").Snapshot!.Binds);

        Assert.Equal("bind/wildcard", bind.Key);
        Assert.True(bind.Internal);
    }

    [Fact]
    public void Load_WildcardBesideInternalBindWithPort_KeepsBoth()
    {
        var binds = LoadValid(
            """
            binds:
            - {mode: internal, listeners: [{routes: []}]}
            - {mode: internal, port: 8443, listeners: [{routes: []}]}
            """).Snapshot!.Binds;

        Assert.Equal(["bind/wildcard", "bind/8443"], binds.Select(static b => b.Key));
        Assert.All(binds, static b => Assert.True(b.Internal));
    }

    [Fact]
    public void Load_BindWithoutPortThatIsNotInternal_IsRefused() =>
        Assert.Equal("a bind without a port must set mode: internal", SingleError("binds: [{listeners: []}]").Message);

    [Fact]
    public void Load_Services_AreResolvedToEndpoints()
    {
        var snapshot = LoadValid(
            """
            services:
            - {name: models, namespace: prod, hostname: models.local, ports: {"8000": 9000}}
            binds:
            - port: 3000
              listeners:
              - routes: [{backends: [{service: {name: prod/models.local, port: 8000}}]}]
            """).Snapshot!;

        var backend = Assert.IsType<ServiceBackendSnapshot>(Assert.Single(snapshot.Binds[0].Listeners[0].Routes[0].Backends).Backend);
        Assert.Equal(("prod", "models.local", 8000), (backend.Namespace, backend.Hostname, backend.Port));
        Assert.Equal("models.local", Assert.Single(snapshot.Services).Hostname);
    }

    [Fact]
    public void Load_ServiceThatIsNotListed_IsRefusedToRunAndWarnedAboutOtherwise()
    {
        const string Text = "binds: [{port: 3000, listeners: [{routes: [{backends: [{service: {name: prod/models.local, port: 8000}}]}]}]}]";

        Assert.Contains(Load(Text, forRuntime: true).Errors, static e => e.Message.StartsWith("unknown service `prod/models.local`", StringComparison.Ordinal));
        Assert.Contains(LoadValid(Text).Warnings, static w => w.Message.StartsWith("unknown service `prod/models.local`", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_SeveralPortsOfTheSystemsChoice_AreToldApart() =>
        Assert.Equal(
            ["bind/0", "bind/0-2", "bind/0-3"],
            LoadValid("binds: [{port: 0, listeners: [{routes: []}]}, {port: 0, listeners: [{routes: []}]}]\nmcp: {port: 0, targets: [{name: a, stdio: {cmd: x}}]}").Snapshot!.Binds.Select(static b => b.Key));

    [Fact]
    public void Load_WorkloadsWithSettingsOfAMesh_AreEndpointsNamedAsFarAsTheyAre()
    {
        var result = LoadValid(
            """
            services: [{name: models, namespace: prod, hostname: models.local, vips: [], ports: {"8000": 9000}, ingressUseWaypoint: true, weightedWaypoints: []}]
            workloads:
            - {uid: u, namespace: prod, workloadIps: [10.0.0.1], services: {prod/models.local: {}}, hboneMtlsPort: 15008}
            - {name: n, namespace: prod, workloadIps: [10.0.0.2], services: {prod/models.local: {}}}
            - {namespace: prod, workloadIps: [10.0.0.3], services: {prod/models.local: {}}}
            """);

        Assert.Equal([("u", "10.0.0.1"), ("n", "10.0.0.2"), ("10.0.0.3", "10.0.0.3")], result.Snapshot!.Services[0].Endpoints.Select(static e => (e.Name, e.Host)));
    }

    [Fact]
    public void Load_ServiceBesideOthers_IsRefused() =>
        Assert.Contains("unknown service `prod/other`", SingleError(
            """
            services: [{name: models, namespace: prod, hostname: models.local, ports: {"8000": 9000}}]
            binds: [{port: 3000, listeners: [{routes: [{backends: [{service: {name: prod/other, port: 8000}}]}]}]}]
            """).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[{protocol: TCP, tcpRoutes: []}, {routes: []}]", "listeners[1]: this listener is never chosen: a TCP listener takes every connection of this port")]
    [InlineData("[{routes: []}, {protocol: TCP, tcpRoutes: []}]", "listeners[0]: this listener is never chosen: a TCP listener takes every connection of this port")]
    [InlineData("[{protocol: TCP, tcpRoutes: []}, {protocol: TCP, hostname: x, tcpRoutes: []}]", "listeners[1]: this listener is never chosen: a TCP listener takes every connection of this port")]
    [InlineData("[{hostname: a.io, routes: []}, {hostname: A.io, routes: []}]", "listeners[1]: this listener is never chosen: an earlier listener of this port has the same hostname")]
    [InlineData("[{hostname: '*', routes: []}, {routes: []}]", "listeners[1]: this listener is never chosen: an earlier listener of this port has the same hostname")]
    public void Load_ListenerThatNothingReaches_IsWarnedAbout(string listeners, string warning)
    {
        var result = TestLoad.LoadValid($"binds: [{{port: 1, listeners: {listeners}}}]");

        Assert.Contains(warning, Assert.Single(result.Warnings).ToString().Replace(".name", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ListenersThatAreToldApart_HaveNoWarning() =>
        Assert.Empty(TestLoad.LoadValid("binds: [{port: 1, listeners: [{routes: []}, {hostname: a.io, routes: []}, {protocol: TLS, tcpRoutes: []}]}]").Warnings);
}

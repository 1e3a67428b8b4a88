using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>A gateway with one route to one upstream, and policies at the places a test names.</summary>
internal static class PolicyGateway
{
    /// <summary>64 hexadecimal digits that cookies of logins are sealed with.</summary>
    public const string CookieSecret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private static StaticSettings Settings { get; } = new() { OidcCookieSecret = new Secret(CookieSecret) };

    public static Task<TestGateway> StartAsync(TestUpstream upstream, params PolicySnapshot[] route) => StartAsync(upstream, route, [], []);

    public static Task<TestGateway> StartAsync(
        TestUpstream upstream, PolicySnapshot[] route, PolicySnapshot[] listener, PolicySnapshot[] backend, TimeProvider? time = null) =>
        TestGateway.StartAsync(Snapshot(upstream.Port, route, listener, backend), Settings, time ?? new PatientTime());

    public static GatewaySnapshot Snapshot(int port, PolicySnapshot[] route, PolicySnapshot[] listener, PolicySnapshot[] backend) => new()
    {
        Binds =
        [
            new BindSnapshot
            {
                Key = "bind/0",
                Port = 0,
                Listeners =
                [
                    new ListenerSnapshot
                    {
                        Key = "default/default/bind/0/listener0",
                        Name = "listener0",
                        Policies = [.. listener],
                        Routes =
                        [
                            new RouteSnapshot
                            {
                                Key = "default/default/bind/0/listener0/default/route0",
                                Name = "default/route0",
                                Policies = [.. route],
                                Backends =
                                [
                                    new RouteBackendSnapshot
                                    {
                                        Policies = [.. backend],
                                        Backend = new HostBackendSnapshot { Key = "route0/backend0", Target = new TargetAddress("127.0.0.1", port) },
                                    },
                                ],
                            },
                        ],
                    },
                ],
            },
        ],
    };
}

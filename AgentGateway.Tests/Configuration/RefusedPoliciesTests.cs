using Xunit;

namespace AgentGateway.Tests.Configuration;

/// <summary>Policies that the gateway understands and cannot act on: refused at load by name, wherever they can be written.</summary>
public sealed class RefusedPoliciesTests
{
    private const string ExtProc = "extProc: {host: 'p:1'}";
    private const string Buffer = "buffer: {request: {maxBytes: 10}}";
    private const string InferenceRouting = "inferenceRouting: {endpointPicker: {host: 'p:1'}}";
    private const string SessionAffinity = "sessionAffinity: {source: 'request.path'}";
    private const string Spiffe = "backendTLS: {spiffe: {}}";
    private const string CrossAppAccess =
        "backendAuth: {crossAppAccess: {identityProvider: {host: 'i:1', clientAuth: {clientId: a, method: clientSecretBasic, clientSecret: b}}, "
        + "resourceAuthorizationServer: {host: 'r:1', clientAuth: {clientId: a, method: clientSecretBasic, clientSecret: b}}, audience: x}}";

    private static readonly string[] OfRoutes = [ExtProc, "extProc: {conditional: [{condition: 'true', host: 'p:1'}]}", Buffer, Spiffe, CrossAppAccess];
    private static readonly string[] OfGateways = [ExtProc];
    private static readonly string[] OfBackends = [SessionAffinity, Spiffe, CrossAppAccess];
    private static readonly string[] OfConnections = [Spiffe, CrossAppAccess];

    private static readonly (string Document, string[] Policies)[] Places =
    [
        ("binds: [{port: 1, listeners: [{routes: [{policies: {POLICY}, backends: [{host: 'a:1'}]}]}]}]", OfRoutes),
        ("{routeGroups: [{name: g, routes: [{policies: {POLICY}, backends: [{host: 'a:1'}]}]}], binds: [{port: 1, listeners: [{routes: [{backends: [{routeGroup: g}]}]}]}]}", OfRoutes),
        ("{gateways: {g: {port: 1}}, routes: [{gateways: g, policies: {POLICY}, backends: [{host: 'a:1'}]}]}", OfRoutes),
        ("mcp: {port: 1, targets: [{name: t, mcp: {host: 'http://a:1/mcp'}}], policies: {POLICY}}", OfRoutes),
        ("{policies: [{name: {name: p, namespace: default}, target: {gateway: {gatewayName: default, gatewayNamespace: default}}, policy: {POLICY}}], binds: [{port: 1, listeners: [{routes: [{backends: [{host: 'a:1'}]}]}]}]}", OfRoutes),
        ("{policies: [{name: {name: p, namespace: default}, target: {route: {name: r, namespace: default}}, policy: {POLICY}}], binds: [{port: 1, listeners: [{routes: [{name: r, backends: [{host: 'a:1'}]}]}]}]}", OfRoutes),
        ("binds: [{port: 1, listeners: [{policies: {POLICY}, routes: [{backends: [{host: 'a:1'}]}]}]}]", OfGateways),
        ("{gateways: {g: {port: 1, POLICY}}, routes: [{gateways: g, backends: [{host: 'a:1'}]}]}", OfGateways),
        ("{gateways: {g: {port: 1, listeners: [{name: l, POLICY}]}}, routes: [{gateways: g/l, backends: [{host: 'a:1'}]}]}", OfGateways),
        ("{policies: [{name: {name: p, namespace: default}, phase: gateway, target: {gateway: {gatewayName: default, gatewayNamespace: default}}, policy: {POLICY}}], binds: [{port: 1, listeners: [{routes: [{backends: [{host: 'a:1'}]}]}]}]}", OfGateways),
        ("binds: [{port: 1, listeners: [{routes: [{backends: [{host: 'a:1', policies: {POLICY}}]}]}]}]", OfBackends),
        ("{backends: [{name: b, host: 'a:1', policies: {POLICY}}], binds: [{port: 1, listeners: [{routes: [{backends: [{backend: /b}]}]}]}]}", OfBackends),
        ("{services: [{name: s, namespace: n, hostname: s, vips: [], ports: {'1': 1}}], binds: [{port: 1, listeners: [{routes: [{backends: [{service: {name: n/s, port: 1}, policies: {POLICY}}]}]}]}]}", [.. OfBackends, InferenceRouting]),
        ("mcp: {port: 1, targets: [{name: t, mcp: {host: 'http://a:1/mcp'}, policies: {POLICY}}]}", OfConnections),
        ("binds: [{port: 1, listeners: [{routes: [{policies: {extAuthz: {host: 'a:1', policies: {POLICY}}}, backends: [{host: 'a:1'}]}]}]}]", OfConnections),
        ("binds: [{port: 1, listeners: [{routes: [{policies: {remoteRateLimit: {host: 'a:1', domain: d, descriptors: [], policies: {POLICY}}}, backends: [{host: 'a:1'}]}]}]}]", OfConnections),
        ("frontendPolicies: {tracing: {host: 'a:1', policies: {POLICY}}}", OfConnections),
        ("binds: [{port: 1, listeners: [{routes: [{backends: [{host: 'a:1', policies: {backendTunnel: {proxy: {host: 'p:1'}, policies: {POLICY}}}}]}]}]}]", OfConnections),
        ("binds: [{port: 1, listeners: [{protocol: TCP, tcpRoutes: [{policies: {POLICY}, backends: [{host: 'a:1'}]}]}]}]", [Spiffe]),
        ("binds: [{port: 1, listeners: [{protocol: TCP, tcpRoutes: [{backends: [{host: 'a:1', policies: {POLICY}}]}]}]}]", [Spiffe]),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (document, policies) in Places)
            {
                foreach (var policy in policies)
                {
                    cases.Add(document, policy);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Load_PolicyThatCannotAct_IsRefusedByName(string place, string policy)
    {
        var text = place.Replace("POLICY", policy, StringComparison.Ordinal);

        var running = TestLoad.Load(text, forRuntime: true);
        var validating = TestLoad.Load(text);

        var name = policy.Contains("spiffe", StringComparison.Ordinal) ? "spiffe" : policy.Contains("crossAppAccess", StringComparison.Ordinal) ? "crossAppAccess" : policy[..policy.IndexOf(':', StringComparison.Ordinal)];
        Assert.All(running.Errors, error => Assert.StartsWith("not supported yet: ", error.Message, StringComparison.Ordinal));
        Assert.Contains(running.Errors, error => error.Path.EndsWith("." + name, StringComparison.Ordinal));
        Assert.True(validating.IsValid, string.Join('\n', validating.Errors));
    }
}

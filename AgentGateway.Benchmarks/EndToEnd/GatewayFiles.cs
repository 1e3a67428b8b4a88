using System.Text;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Configurations of the gateway under test.</summary>
internal static class GatewayFiles
{
    /// <summary>No policy.</summary>
    public static string Plain(string folder, Ports ports, int port) => Write(folder, "plain", Binds(ports, port));

    /// <summary>No policy, and as many more routes that do not match.</summary>
    public static string ManyRoutes(string folder, Ports ports, int port, int routes)
    {
        var others = new StringBuilder();
        for (var i = 0; i < routes; i++)
        {
            others.Append("    - matches: [{path: {pathPrefix: /service-").Append(i).Append("/api}}]\n");
            others.Append("      backends: [{host: \"127.0.0.1:").Append(ports.Small).Append("\"}]\n");
        }

        return Write(folder, "routes", Binds(ports, port, otherRoutes: others.ToString()));
    }

    /// <summary>Every request traced to a receiver on this machine, and logged.</summary>
    public static string Traced(string folder, Ports ports, int port) => Write(folder, "traced", Binds(ports, port), $"""
          tracing:
            otlpEndpoint: http://127.0.0.1:{ports.Events}
            otlpProtocol: http
            randomSampling: true

        """);

    /// <summary>Token, rules and header rewriting on every request.</summary>
    public static string Policies(string folder, Ports ports, int port) => Write(folder, "policies", Binds(ports, port, $$"""
              policies:
                jwtAuth:
                  mode: strict
                  issuer: bench
                  audiences: [bench]
                  jwks: '{{BenchmarkToken.Jwks}}'
                authorization:
                  rules: ['jwt.role == "user" && request.method in ["GET", "POST"]']
                requestHeaderModifier:
                  set: {x-team: bench}
                  remove: [x-debug]
                responseHeaderModifier:
                  set: {x-served-by: gateway}

        """));

    private static string Binds(Ports ports, int port, string policies = "", string otherRoutes = "") => $$"""
        binds:
        - port: {{port}}
          listeners:
          - routes:
        {{otherRoutes}}    - matches: [{path: {pathPrefix: /events} }]
        {{policies}}      backends: [{host: "127.0.0.1:{{ports.Events}}"}]
            - backends: [{host: "127.0.0.1:{{ports.Small}}"}]
        {{policies}}
        """;

    private static string Write(string folder, string name, string binds, string config = "")
    {
        var file = Path.Combine(folder, $"gateway-{name}.yaml");
        File.WriteAllText(file, $"config:\n  adminAddr: \"off\"\n  statsAddr: \"off\"\n  readinessAddr: \"off\"\n{config}{binds}\n");
        return file;
    }
}

using System.Globalization;
using System.Text;

namespace AgentGateway.Benchmarks.Loading;

/// <summary>A configuration with many routes, as a platform with many teams has it: host names, matches, policies and backends differ.</summary>
internal static class ManyRoutes
{
    public static string Text(int routes, int port)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            config:
              adminAddr: "off"
              statsAddr: "off"
              readinessAddr: "off"
            binds:
            - port: {port}
              listeners:
              - routes:

            """);
        for (var i = 0; i < routes; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    - name: team-{{i}}
                      hostnames: [team-{{i % 100}}.example.com]
                      matches:
                      - path:
                          pathPrefix: /service-{{i}}/api
                        headers:
                        - name: x-tier
                          value:
                            exact: gold
                      policies:
                        timeout:
                          requestTimeout: 30s
                        requestHeaderModifier:
                          set:
                            x-team: team-{{i}}
                        authorization:
                          rules:
                          - request.headers["x-key"] == "key-{{i % 500}}"
                      backends:
                      - host: 10.0.{{i / 250 % 250}}.{{i % 250}}:8080
                        weight: {{1 + (i % 3)}}

                """);
        }

        return text.ToString();
    }
}

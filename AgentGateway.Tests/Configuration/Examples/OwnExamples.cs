using AgentGateway.Configuration.Loading;

namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>Documents of our own that use most keys.</summary>
internal static class OwnExamples
{
    public static LoadOptions Options { get; } = TestLoad.Options(new Dictionary<string, string> { ["OIDC_COOKIE_SECRET"] = new string('b', 64) });

    public const string Everything =
        """
        config:
          adminAddr: localhost:15000
          statsAddr: "off"
          logging: {level: debug, format: json}
          session: {key: "0011223344556677889900112233445566778899001122334455667788990011"}
          mcp: {sessionTtl: 8m}
          connectionTerminationDeadline: 10s
        frontendPolicies:
          accessLog:
            filter: response.code >= 400
            add: {user: jwt.sub}
            remove: [http.version]
          tracing:
            host: localhost:4317
            randomSampling: true
            attributes: {tier: '"gold"'}
          http: {maxBufferSize: 1048576, http1IdleTimeout: 5m}
        binds:
        - port: 3100
          listeners:
          - name: web
            hostname: "*.example.com"
            protocol: HTTP
            policies:
              cors: {allowOrigins: ["https://app.example.com"], allowCredentials: true, maxAge: 10m}
            routes:
            - name: users
              hostnames: [api.example.com]
              matches:
              - path: {pathPrefix: /users}
                method: GET
                headers: [{name: x-tier, value: {exact: gold}}]
                query: [{name: page, value: {regex: "[0-9]+"}}]
              policies:
                timeout: {requestTimeout: 10s, backendRequestTimeout: 2s}
                retry: {attempts: 2, backoff: 100ms, codes: [502, 503], condition: response.code == 503}
                urlRewrite: {authority: {full: "internal.example.com"}, path: {prefix: /v2}}
                requestHeaderModifier: {set: {x-gateway: one}, remove: [x-internal]}
                localRateLimit: [{maxTokens: 10, tokensPerFill: 1, fillInterval: 60s, type: requests, key: jwt.sub}]
                authorization: {rules: [{deny: 'request.path == "/users/0"'}, 'has(jwt.sub)']}
                transformations:
                  request: {set: {x-user: jwt.sub}}
                extAuthz:
                  conditional:
                  - condition: request.method == "POST"
                    backend: /shared
                    protocol: {http: {path: '"/check"'}}
                  - host: localhost:9100
                    failureMode: {denyWithStatus: 503}
              backends:
              - host: localhost:8080
                weight: 9
                policies:
                  backendTLS: {hostname: internal.example.com, insecureHost: true}
                  backendAuth: {key: {value: secret-1, location: {header: {name: x-api-key}}}}
              - backend: shared
            - name: faults
              policies:
                delay: {duration: 2s}
                directResponse: {conditional: [{condition: random() < 0.5, status: 503, body: no}, {status: 200}]}
              backends: [{dynamic: {}}]
        gateways:
          default:
            port: 4100
            jwtAuth: {issuer: "https://issuer.example.com", audiences: [api], jwks: '{"keys": []}', mode: strict}
        routes:
        - name: attached
          gateways: [default]
          policies:
            oidc: {issuer: "https://issuer.example.com", clientId: gw, clientSecret: s3, redirectURI: "http://localhost:4100/cb", tokenEndpointAuth: clientSecretPost}
          backends: [{routeGroup: team}]
        routeGroups:
        - name: team
          routes: [{name: inner, backends: [{host: "localhost:8081"}]}]
        mcp:
          port: 3200
          prefixMode: always
          failureMode: failOpen
          targets:
          - name: files
            stdio: {cmd: npx, args: [a, b], env: {LEVEL: debug}, clear_env: true}
        llm:
          port: 4200
          providers: [{name: main, provider: openAI, params: {apiKey: k}}]
          models:
          - {name: "gpt-*", provider: {reference: main}, visibility: internal}
          - {name: smart, provider: anthropic, params: {model: claude}}
          virtualModels:
          - {name: auto, routing: {conditional: {targets: [{model: smart, when: 'request.path == "/x"'}, {model: gpt-5}]}}}
        backends:
        - name: shared
          host: localhost:9000
        policies:
        - name: {name: limits, namespace: default}
          target: {route: {name: users, namespace: default}}
          policy: {buffer: {request: {maxBytes: 1000, failureMode: failOpen}}}
        services:
        - {name: svc, namespace: default, hostname: svc, ports: {"80": 8080}}
        """;
}

using AgentGateway.Configuration.Loading;

namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>Documents of our own that use most keys.</summary>
internal static class OwnExamples
{
    public static LoadOptions Options { get; } = TestLoad.Options(new Dictionary<string, string> { ["OIDC_COOKIE_SECRET"] = new string('b', 64) });

    public static IReadOnlyList<ExampleFile> All { get; } = [new("everything", Everything, Options), new("policies", Policies, Options), new("models", Models, Options)];

    public const string Policies =
        """
        config:
          metrics: {remove: [route], fields: {add: {tenant: jwt.tenant}}}
          backend: {connectTimeout: 5s, poolIdleTimeout: 30s, poolMaxSize: 20, keepalives: {enabled: true, time: 1m, retries: 3}}
          dns: {lookupFamily: V4Preferred, edns0: true}
          histograms: both
          sensitiveHeaders: [x-secret]
          connectionMinTerminationDeadline: 1s
        frontendPolicies:
          tls: {handshakeTimeout: 10s}
          tcp: {keepalives: {enabled: true}}
          proxyProtocol: {version: all, mode: optional}
          connect: {mode: tunnel}
          networkAuthorization: {rules: ['source.address == "10.0.0.1"']}
        binds:
        - port: 4000
          listeners:
          - routes:
            - policies:
                basicAuth: {htpasswd: "ann:$$apr1$$x", realm: gate, mode: strict}
                apiKey: {keys: [{key: k-1, metadata: {team: red}}], mode: optional, location: {header: {name: x-key}}}
                remoteRateLimit:
                  host: localhost:8081
                  domain: gate
                  failureMode: failOpen
                  descriptors: [{entries: [{key: user, value: jwt.sub}], type: requests}]
                extProc: {host: "localhost:9200", failureMode: failOpen, processingOptions: {requestBodyMode: buffered}}
                csrf: {additionalOrigins: ["https://app.example.com"]}
                requestMirror: {backend: {host: "localhost:8090"}, percentage: 0.25}
                responseHeaderModifier: {add: {x-by: gate}, remove: [server]}
                requestRedirect: {scheme: https, status: 308, path: {full: /new}}
                buffer: {request: {maxBytes: 100, failureMode: failClosed}}
              backends:
              - host: localhost:8080
                policies:
                  http: {version: "2", requestTimeout: 5s}
                  tcp: {keepalives: {enabled: false}, connectTimeout: 1s}
                  health: {unhealthyExpression: response.code >= 500, eviction: {duration: 10s, consecutiveFailures: 3}}
                  backendTunnel: {proxy: {host: "localhost:3128"}}
                  backendAuth:
                    oauthTokenExchange:
                      host: localhost:7080
                      path: /token
                      grantType: jwtBearer
                      clientAuth: {clientId: gate, clientSecret: s-1, method: clientSecretPost}
                      subjectToken: {source: {header: {name: authorization}}}
              - dynamic: {target: 'request.headers["x-to"]'}
              - service: {name: prod/svc.local, port: 80}
                policies: {sessionAffinity: {source: jwt.sub}}
        - port: 4001
          listeners:
          - protocol: TCP
            tcpRoutes: [{name: db, backends: [{host: "localhost:5432", weight: 2}]}]
        backends:
        - name: tools
          mcp:
            statefulMode: stateless
            targets:
            - {name: a, mcp: {host: "http://localhost:3001/mcp"}}
            - {name: b, sse: {host: localhost, port: 3002, path: /sse}}
            - {name: c, openapi: {schema: '{"openapi": "3.0.0", "paths": {"/i": {"get": {"operationId": "list"}}}}', host: "localhost:8085"}}
          policies:
            mcpAuthorization: {rules: [{allow: 'mcp.tool.name == "x"'}]}
        - {name: agent, aws: {agentCore: {agentRuntimeArn: "arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/a"}}}
        services:
        - {name: svc, namespace: prod, hostname: svc.local, ports: {"80": 8080}}
        """;

    public const string Models =
        """
        config:
          modelCatalog: [{inline: {providers: {openai: {models: {gpt-5: {rates: {input: "1.25", output: "10"}}}}}}}]
        gateways:
          default: {port: 4100}
          inner: {port: 4101, listeners: [{name: a, hostname: a.example.com, protocol: HTTP}]}
        routes:
        - gateways: [inner/a]
          backends:
          - ai:
              groups:
              - providers: [{name: one, provider: {openAI: {model: gpt-5}}}]
              - providers: [{name: two, provider: {bedrock: {region: us-west-2}}, hostOverride: "localhost:9300", tokenize: true}]
            policies:
              ai:
                defaults: {temperature: 0.5}
                modelAliases: {fast: gpt-5}
                routes: {/v1/chat/completions: completions, "*": passthrough}
                prompts: {prepend: [{role: system, content: be brief}]}
                promptCaching: {cacheSystem: false, minTokens: 500}
                promptGuard:
                  request:
                  - {regex: {action: reject, rules: [{builtin: email}, {pattern: "secret-[0-9]+"}]}, rejection: {status: 400, body: no}}
                  - {webhook: {target: {host: "localhost:9400"}, failureMode: failOpen}}
                  response: [{regex: {action: mask, rules: [{builtin: ssn}]}}]
        llm:
          gateways: default
          policies:
            localRateLimit: [{maxTokens: 100, tokensPerFill: 10, fillInterval: 1s, type: tokens}]
            authorization: {rules: ['jwt.sub == "ann"']}
          providers:
          - {name: main, provider: anthropic, params: {apiKey: k, baseUrl: "https://models.example.com/v1"}}
          models:
          - {name: claude-*, provider: {reference: main}, params: {model: claude}, visibility: public}
          - {name: own, id: own-1, provider: {custom: {formats: [{type: completions, path: /chat}]}}, params: {hostOverride: "localhost:9500"}, matches: [{headers: [{name: x-a, value: {regex: "b+"}}]}]}
          - {name: cloud, provider: azure, params: {azureResourceName: res, azureResourceType: openAI}}
          virtualModels:
          - {name: split, routing: {weighted: {targets: [{model: own, weight: 3}, {model: cloud}]}}}
          - {name: steady, routing: {failover: {targets: [{model: own, priority: 0}, {model: cloud, priority: 1}]}}}
        mcp:
          gateways: default
          targets: [{name: files, stdio: {cmd: serve}}]
          policies:
            jwtAuth: {mode: strict, providers: [{issuer: "https://a.example.com", audiences: [b], jwks: '{"keys":[]}'}]}
        """;

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

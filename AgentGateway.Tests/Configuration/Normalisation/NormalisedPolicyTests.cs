using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class NormalisedPolicyTests
{
    private static readonly Dictionary<string, string> Login = new() { ["OIDC_COOKIE_SECRET"] = new('d', 64) };

    [Fact]
    public void Load_ConditionalExtAuthz_KeepsChoicesInOrder()
    {
        var policy = Assert.IsType<Conditional<ExtAuthz>>(Assert.Single(Routes(
            """
            policies: {extAuthz: {conditional: [
              {condition: 'request.method == "PUT"', host: "strict:9000", protocol: {http: {includeResponseHeaders: [x-user]}}},
              {host: "lax:9000", failureMode: allow}]}}
            """)[0].Policies));

        Assert.Equal(["request.method == \"PUT\"", null], policy.Entries.Select(static e => e.Condition?.Source));
        Assert.Equal(["strict:9000", "lax:9000"], policy.Entries.Select(static e => e.Policy.Target.ToString()));
        Assert.Equal(["x-user"], policy.Entries[0].Policy.Protocol!.Http!.IncludeResponseHeaders);
    }

    [Theory]
    [InlineData("directResponse", "status: 200")]
    [InlineData("localRateLimit", "maxTokens: 1, tokensPerFill: 1, fillInterval: 1s")]
    [InlineData("remoteRateLimit", "host: \"h:1\", domain: d, descriptors: [{entries: [{key: k, value: '\"v\"'}]}]")]
    [InlineData("extAuthz", "host: \"h:1\"")]
    [InlineData("extProc", "host: \"h:1\"")]
    [InlineData("transformations", "request: {set: {x-a: '\"b\"'}}")]
    public void Load_PolicyWithChoices_AllowsOneFallbackAtTheEnd(string policy, string content)
    {
        static string Text(string policy, string choices) =>
            $"{{binds: [{{port: 1, listeners: [{{routes: [{{policies: {{{policy}: {{conditional: [{choices}]}}}}}}]}}]}}]}}";
        var path = $"binds[0].listeners[0].routes[0].policies.{policy}.conditional";

        Assert.Single(LoadValid(Text(policy, $"{{condition: \"true\", {content}}}, {{{content}}}")).Snapshot!.Binds[0].Listeners[0].Routes[0].Policies);
        var early = SingleError(Text(policy, $"{{{content}}}, {{condition: \"true\", {content}}}"));
        Assert.Equal(($"{path}[0]", true), (early.Path, early.Message.StartsWith("conditional policy entries without condition must be last", StringComparison.Ordinal)));
        var none = SingleError(Text(policy, ""));
        Assert.Equal((path, true), (none.Path, none.Message.StartsWith("conditional policies must have at least one entry", StringComparison.Ordinal)));
        var many = SingleError(Text(policy, string.Join(", ", Enumerable.Repeat($"{{condition: \"true\", {content}}}", 65))));
        Assert.Equal((path, true), (many.Path, many.Message.StartsWith("conditional policies may have at most 64 entries", StringComparison.Ordinal)));
        var broken = SingleError(Text(policy, $"{{condition: 1, {content}}}"));
        Assert.Equal($"{path}[0].condition", broken.Path);
        Assert.StartsWith("invalid type: an integer `1`", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{maxTokens: 1, tokensPerFill: 1, fillInterval: 1s}", "a mapping")]
    [InlineData("{}", "a mapping")]
    [InlineData("10", "an integer `10`")]
    public void Load_LocalRateLimitIsNoList_SaysHowToWriteOne(string value, string kind)
    {
        var route = SingleError($"{{binds: [{{port: 1, listeners: [{{routes: [{{policies: {{localRateLimit: {value}}}}}]}}]}}]}}");
        var llm = SingleError($"llm: {{models: [], policies: {{localRateLimit: {value}}}}}");

        Assert.Equal(["binds[0].listeners[0].routes[0].policies.localRateLimit", "llm.policies.localRateLimit"], [route.Path, llm.Path]);
        Assert.Equal($"invalid type: {kind}, expected a list; write a list: localRateLimit: [{{...}}]", route.Message);
        Assert.Equal(route.Message, llm.Message);
    }

    [Fact]
    public void Load_ExtAuthzOfABackend_IsOneOfItsPolicies() => Assert.Equal(
        "check:9000",
        Assert.IsType<ExtAuthz>(Assert.Single(Routes("backends: [{host: \"h:1\", policies: {extAuthz: {host: \"check:9000\"}}}]")[0].Backends[0].Policies)).Target.ToString());

    [Fact]
    public void Load_Delay_TakesADurationOrAnExpression()
    {
        var routes = Routes("policies: {delay: {duration: 250ms}}", "policies: {delay: {duration: 'request.path == \"/slow\" ? duration(\"2s\") : duration(\"0s\")'}}");

        Assert.Equal(TimeSpan.FromMilliseconds(250), Assert.IsType<DelayPolicy>(Assert.Single(routes[0].Policies)).Duration);
        Assert.StartsWith("request.path", Assert.IsType<DelayPolicy>(Assert.Single(routes[1].Policies)).Expression!.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{gatewayName: default, gatewayNamespace: default}")]
    [InlineData("{gatewayName: default, gatewayNamespace: default, listenerName: web}")]
    [InlineData("{gatewayName: default, gatewayNamespace: default, port: 3000}")]
    public void Load_OidcInGatewayPhase_RunsBeforeRouting(string target)
    {
        var listener = LoadValid(
            $$$$"""
            binds: [{port: 3000, listeners: [{name: web, routes: [{name: r}]}]}]
            policies:
            - name: {name: login, namespace: ""}
              target: {gateway: {{{{target}}}}}
              phase: gateway
              policy: {oidc: {issuer: "https://login.example.com", clientId: gate, clientSecret: pass, redirectURI: "http://localhost:3000/cb"}}
            """,
            Login).Snapshot!.Binds[0].Listeners[0];

        Assert.Equal("gate", Assert.IsType<OidcPolicy>(Assert.Single(listener.Policies)).ClientId);
        Assert.Empty(listener.Routes[0].Policies);
    }

    [Fact]
    public void Load_ListenerPolicies_IncludeOidc() => Assert.IsType<OidcPolicy>(Assert.Single(LoadValid(
        "binds: [{port: 3000, listeners: [{routes: [], policies: {oidc: {issuer: \"https://login.example.com\", clientId: g, clientSecret: p, redirectURI: \"http://localhost:3000/cb\"}}}]}]",
        Login).Snapshot!.Binds[0].Listeners[0].Policies));

    [Fact]
    public void Load_OidcWithoutCookieSecret_IsRefused() => Assert.Contains(
        "OIDC_COOKIE_SECRET",
        SingleError("binds: [{port: 3000, listeners: [{routes: [], policies: {oidc: {issuer: \"https://login.example.com\", clientId: g, clientSecret: p, redirectURI: \"http://localhost:3000/cb\"}}}]}]").Message,
        StringComparison.Ordinal);

    [Fact]
    public void Load_TransformationsOfATargetedBackend_AreBackendPolicies()
    {
        var snapshot = LoadValid(Targeted("transformations: {request: {set: {x-a: '\"b\"'}}}")).Snapshot!;

        Assert.IsType<TransformationPolicy>(Assert.Single(snapshot.Backends["/shared"].Policies));
        Assert.Empty(snapshot.Binds[0].Listeners[0].Routes[0].Policies);
    }

    [Theory]
    [InlineData("transformations: {conditional: [{request: {set: {x-a: '\"b\"'}}}]}", "conditional transformations are not supported on backend-targeted policies")]
    [InlineData("extAuthz: {conditional: [{host: \"h:1\"}]}", "conditional extAuthz is not supported on backend-targeted policies")]
    [InlineData("cors: {}", "this policy cannot apply to a backend")]
    public void Load_PolicyThatCannotApplyToABackend_IsRefused(string policy, string message) =>
        Assert.StartsWith(message, SingleError(Targeted(policy)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("policy: {}", "policies[0].policy", "'policies' must contain exactly 1 policy")]
    [InlineData("policy: {cors: {}, a2a: {}}", "policies[0].policy", "'policies' must contain exactly 1 policy")]
    [InlineData("phase: gateway, policy: {a2a: {}}", "policies[0].policy", "this policy cannot run in phase gateway")]
    public void Load_TargetedPolicyThatDoesNotFit_SaysWhatIsWrong(string policy, string path, string message)
    {
        var error = SingleError(
            $"{{binds: [{{port: 1, listeners: []}}, {{port: 2, listeners: [{{routes: []}}]}}], policies: [{{name: {{name: a, namespace: b}}, target: {{gateway: {{gatewayName: default, gatewayNamespace: default}}}}, {policy}}}]}}");

        Assert.Equal(path, error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_GatewayTargetWithListenerAndPort_IsRefused() => Assert.StartsWith(
        "gateway policy target cannot set both listenerName and port",
        Load("{binds: [{port: 1, listeners: [{routes: []}]}], policies: [{name: {name: a, namespace: b}, target: {gateway: {gatewayName: default, gatewayNamespace: default, listenerName: listener0, port: 1}}, policy: {cors: {}}}]}").Errors[0].Message,
        StringComparison.Ordinal);

    [Fact]
    public void Load_TokenExchangeWithoutClientSecret_NamesIt()
    {
        var error = SingleError(
            "{binds: [{port: 1, listeners: [{routes: [{policies: {backendAuth: {oauthTokenExchange: {host: \"h:1\", path: /token, clientAuth: {clientId: gate, clientSecret: \"\"}}}}}]}]}]}");

        Assert.EndsWith("oauthTokenExchange.clientAuth.clientSecret", error.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("['*', 'a']", "allowedModels", "allowedModels cannot combine '*' with other values")]
    [InlineData("['']", "allowedModels[0]", "invalid model ``: allowedModels cannot contain an empty model name")]
    [InlineData("['a*b']", "allowedModels[0]", "invalid model `a*b`: must contain at most one wildcard, at the beginning or end")]
    public void Load_ModelsOfAnApiKeyThatDoNotFit_AreRefused(string models, string path, string message)
    {
        var error = SingleError($"{{binds: [{{port: 1, listeners: [{{routes: [{{policies: {{apiKey: {{keys: [{{key: k, allowedModels: {models}}}]}}}}}}]}}]}}]}}");

        Assert.Equal($"binds[0].listeners[0].routes[0].policies.apiKey.keys[0].{path}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{tags: [{key: a, value: b}, {key: a, value: c}]}", "tags[1]", "duplicate session tag key `a`")]
    [InlineData("{tags: [{key: a, value: \"b!\"}]}", "tags[0].value", "invalid session tag `b!`")]
    [InlineData("{sessionName: x}", "sessionName", "invalid session name `x`")]
    public void Load_AssumedRoleThatDoesNotFit_IsRefused(string role, string path, string message)
    {
        var error = SingleError(
            $"{{backends: [{{name: a, host: \"h:1\", policies: {{backendAuth: {{aws: {{assumeRole: {{roleArn: \"arn:aws:iam::111122223333:role/r\", {role[1..^1]}}}}}}}}}}}]}}");

        Assert.Equal($"backends[0].policies.backendAuth.aws.assumeRole.{path}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static string Targeted(string policy) =>
        $$$$"""
        binds: [{port: 3000, listeners: [{routes: [{backends: [{backend: shared}]}]}]}]
        backends: [{name: shared, host: "h:1"}]
        policies: [{name: {name: p, namespace: ""}, target: {backend: {backend: {name: shared, namespace: ""}}}, policy: {{{{{policy}}}}}}]
        """;
}

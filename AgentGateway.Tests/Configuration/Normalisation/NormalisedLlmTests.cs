using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class NormalisedLlmTests
{
    [Fact]
    public void Load_LlmWithoutGateway_ListensOn4000WithGatewayPolicies()
    {
        var snapshot = LoadValid(
            """
            llm:
              policies:
                cors: {allowOrigins: ["http://localhost:1"]}
                jwtAuth: {issuer: example.org, audiences: [llm], jwks: '{"keys":[]}'}
                authorization: {rules: ['jwt.team == "red"']}
                localRateLimit: [{type: tokens, maxTokens: 9, tokensPerFill: 3, fillInterval: 2s}]
              models: [{name: small, provider: openai}]
            """).Snapshot!;

        var bind = Assert.Single(snapshot.Binds);
        Assert.Equal((4000, "bind/4000"), (bind.Port, bind.Key));
        var listener = Assert.Single(bind.Listeners);
        Assert.Equal("llm", listener.Key);
        Assert.Equal([typeof(JwtAuth), typeof(AuthorizationPolicy), typeof(CorsPolicy)], listener.Policies.Select(static p => p.GetType()));
        var route = Assert.Single(listener.Routes);
        Assert.Equal("internal/llm:request", route.Name);
        Assert.Equal("llm:router", Assert.IsType<LlmBackendSnapshot>(Assert.Single(route.Backends).Backend).Key);
        var limit = Assert.Single(Assert.IsType<LocalRateLimits>(Assert.Single(route.Policies)).Limits);
        Assert.Equal(RateLimitType.Tokens, limit.Type);
    }

    [Fact]
    public void Load_Models_KeepTheirConditionsAndProviders()
    {
        var models = Models(
            """
            - {name: fast, provider: anthropic, params: {model: swift-1, apiKey: k-1, tokenize: true}, responseHeaders: {remove: [server]},
               matches: [{headers: [{name: X-Team, value: {exact: red}}]}], promptCaching: {minTokens: 7},
               health: {unhealthyExpression: response.code >= 500, eviction: {duration: 30s}}}
            - {name: "*", provider: vertex, params: {model: any-1, vertexRegion: global, vertexProject: proj}}
            - {name: big, provider: azure, params: {azureResourceName: res, azureResourceType: openAI, azureApiVersion: v1}}
            - {name: eu/*, id: europe, provider: bedrock, params: {awsRegion: eu-central-1}}
            """);

        Assert.Equal(["llm:model:fast:0", "llm:model:*:1", "llm:model:big:2", "llm:model:europe"], models.Select(static m => m.Key));
        var fast = models[0].Model;
        Assert.Equal(LlmProviderName.Anthropic, fast.Provider.Name);
        Assert.Equal("k-1", fast.Params!.ApiKey!.Reveal());
        Assert.True(fast.Params.Tokenize);
        Assert.Equal("X-Team", Assert.Single(Assert.Single(fast.Matches).Headers).Name, ignoreCase: true);
        Assert.Equal((7, true, false), (fast.PromptCaching!.MinTokens, fast.PromptCaching.CacheMessages, fast.PromptCaching.CacheTools));
        Assert.Equal(["server"], fast.ResponseHeaders!.Remove);
        Assert.Equal("proj", models[1].Model.Params!.VertexProject);
        Assert.Equal(AzureResourceType.OpenAI, models[2].Model.Params!.AzureResourceType);
        Assert.Equal("eu-central-1", models[3].Model.Params!.AwsRegion);
    }

    [Theory]
    [InlineData("groq", "api.groq.com:443", "/openai/v1", true)]
    [InlineData("fireworks", "api.fireworks.ai:443", "/inference/v1", true)]
    [InlineData("ollama", "localhost:11434", "/v1", false)]
    [InlineData("cohere", "api.cohere.ai:443", null, true)]
    public void Load_Preset_StandsForAnAddressAndFormats(string preset, string host, string? prefix, bool tls)
    {
        var model = Assert.Single(Models($"- {{name: m, provider: {preset}}}")).Model;

        Assert.Equal(preset, model.Provider.Custom!.ProviderOverride);
        Assert.Contains(model.Provider.Custom.Formats, static f => f.Type == ProviderFormat.Completions);
        Assert.Equal(host, model.Params!.HostOverride!.ToString());
        Assert.Equal(prefix, model.Params.PathPrefix);
        Assert.Equal(tls, model.BackendTls is not null);
    }

    [Theory]
    [InlineData("hostOverride: \"proxy.example.com:8443\"", "proxy.example.com:8443", null, false)]
    [InlineData("baseUrl: http://localhost:9000/api", "localhost:9000", "/api", false)]
    public void Load_PresetWithAnAddressOfItsOwn_KeepsIt(string settings, string host, string? prefix, bool tls)
    {
        var model = Assert.Single(Models($"- {{name: m, provider: groq, params: {{{settings}}}}}")).Model;

        Assert.Equal((host, prefix), (model.Params!.HostOverride!.ToString(), model.Params.PathPrefix));
        Assert.Equal(tls, model.BackendTls is not null);
    }

    [Theory]
    [InlineData("baseUrl: https://llm.example.com/v9/", "llm.example.com:443", "/v9", true)]
    [InlineData("{baseUrl: https://llm.example.com/v9, pathPrefix: /own}", "llm.example.com:443", "/own", true)]
    [InlineData("{baseUrl: https://llm.example.com/v9, hostOverride: \"proxy.example.com:1\"}", "proxy.example.com:1", "/v9", true)]
    [InlineData("{baseUrl: https://llm.example.com/v9, pathOverride: /exact}", "llm.example.com:443", null, true)]
    [InlineData("baseUrl: http://llm.example.com", "llm.example.com:80", null, false)]
    public void Load_BaseUrl_YieldsToTheOlderKeys(string settings, string host, string? prefix, bool tls)
    {
        var model = Assert.Single(Models($"- name: m\n  provider: openAI\n  params: {(settings.StartsWith('{') ? settings : $"{{{settings}}}")}")).Model;

        Assert.Equal((host, prefix), (model.Params!.HostOverride!.ToString(), model.Params.PathPrefix));
        Assert.Equal(tls, model.BackendTls is not null);
    }

    [Fact]
    public void Load_ProviderReference_GivesWhatTheModelDoesNotSay()
    {
        var models = Section(
            """
            providers:
            - name: shared
              provider: anthropic
              params: {model: base-1, apiKey: k-9, baseUrl: "https://models.internal/v1", tokenize: true}
              defaults:
                defaults: {temperature: 1, top_k: 5}
                health: {unhealthyExpression: response.code >= 500, eviction: {duration: 45s}}
                promptCaching: {cacheTools: true, minTokens: 100}
                transformation: {model: 'llmRequest.model.stripPrefix("a/")'}
            - name: lines
              provider: {custom: {formats: [{type: completions}]}}
              params: {baseUrl: "https://lines.example.com/v1"}
            models:
            - name: a/*
              provider: {reference: shared}
              params: {model: own-2}
              defaults: {temperature: 0}
              health: {unhealthyExpression: response.code == 429}
              promptCaching: {minTokens: 200}
            - {name: b/*, provider: {reference: lines}}
            """).Models;

        var first = models[0].Model;
        Assert.Equal(LlmProviderName.Anthropic, first.Provider.Name);
        Assert.Null(first.Provider.Reference);
        Assert.Equal(("own-2", "k-9", true), (first.Params!.Model, first.Params.ApiKey!.Reveal(), first.Params.Tokenize));
        Assert.Equal(("models.internal:443", "/v1"), (first.Params.HostOverride!.ToString(), first.Params.PathPrefix));
        Assert.NotNull(first.BackendTls);
        Assert.Equal("response.code == 429", first.Health!.UnhealthyExpression!.Source);
        Assert.Equal(TimeSpan.FromSeconds(45), first.Health.Eviction!.Duration);
        Assert.Equal((true, true, true, 200), (first.PromptCaching!.CacheSystem, first.PromptCaching.CacheMessages, first.PromptCaching.CacheTools, first.PromptCaching.MinTokens));
        Assert.Equal("""{"temperature":0,"top_k":5}""", first.Defaults!.Json);
        Assert.Equal("llmRequest.model.stripPrefix(\"a/\")", first.Transformation["model"].Source);
        var second = models[1].Model;
        Assert.Equal("lines", second.Provider.Custom!.ProviderOverride);
        Assert.Equal("lines.example.com:443", second.Params!.HostOverride!.ToString());
        Assert.Null(second.PromptCaching);
    }

    [Fact]
    public void Load_GuardrailsOfTheSection_ComeBeforeThoseOfTheModel()
    {
        var model = Assert.Single(Section(
            """
            policies:
              guardrails:
                request: [{regex: {action: reject, rules: [{builtin: email}]}, rejection: {status: 400}}]
            models:
            - name: m
              provider: openAI
              guardrails:
                request: [{regex: {rules: [{builtin: creditCard}]}}]
                response: [{regex: {action: mask, rules: [{builtin: phoneNumber}]}}]
            """).Models).Model;

        Assert.Equal(
            [BuiltinPattern.Email, BuiltinPattern.CreditCard], model.Guardrails!.Request.Select(static g => Assert.Single(g.Regex!.Rules).Builtin!.Value));
        Assert.Equal(400, model.Guardrails.Request[0].Rejection!.Status);
        Assert.Equal(GuardAction.Mask, Assert.Single(model.Guardrails.Response).Regex!.Action);
    }

    [Fact]
    public void Load_VirtualModels_KeepWeightsPrioritiesAndConditionsInOrder()
    {
        var virtualModels = Section(
            """
            models:
            - {name: openai/big, provider: openAI}
            - {name: anthropic/*, visibility: internal, provider: anthropic, authorization: {rules: ['jwt.team == "red"']}}
            - {name: "*", provider: openAI}
            virtualModels:
            - {name: split, routing: {weighted: {targets: [{model: anthropic/any, weight: 60}, {model: openai/big, weight: 30}, {model: other, weight: 10}, {model: last}]}}}
            - {name: steady, routing: {failover: {targets: [{model: openai/big, priority: 0}, {model: anthropic/a, priority: 1}, {model: anthropic/b, priority: 1}]}}}
            - {name: chosen, routing: {conditional: {targets: [{when: 'request.headers["x-a"] == "1"', model: anthropic/a}, {when: "true", model: openai/big}, {model: other}]}}}
            """).VirtualModels;

        Assert.Equal([60, 30, 10, 1], virtualModels[0].Routing.Weighted!.Targets.Select(static t => t.Weight));
        Assert.Equal([0, 1, 1], virtualModels[1].Routing.Failover!.Targets.Select(static t => t.Priority));
        Assert.Equal(["request.headers[\"x-a\"] == \"1\"", "true", null], virtualModels[2].Routing.Conditional!.Targets.Select(static t => t.When?.Source));
    }

    [Fact]
    public void Load_InlineModeration_IsKept()
    {
        var backend = Assert.IsType<AiBackendSnapshot>(Routes(
            "backends: [{ai: {name: o, provider: {openAI: {model: m, moderation: {policy: {input: {mode: block}, output: {mode: score}}}}}}}]")[0].Backends[0].Backend);

        var moderation = backend.Groups[0][0].Provider.OpenAi!.Moderation!;
        Assert.Equal("omni-moderation-latest", moderation.Model);
        Assert.Equal((ModerationMode.Block, ModerationMode.Score), (moderation.Policy!.Input!.Mode, moderation.Policy.Output!.Mode));
    }

    [Theory]
    [InlineData("models: [{name: '*a*', provider: openAI}]", "llm.models[0].name", "model name wildcard may only appear once: '*a*'")]
    [InlineData("models: [{name: 'a*b', provider: openAI}]", "llm.models[0].name", "model name wildcard must be either at the beginning or the end: 'a*b'")]
    [InlineData("models: [{name: a, id: x, provider: openAI}, {name: b, id: x, provider: openAI}]", "llm.models[1].id", "llm.models contains duplicate model id: x")]
    [InlineData("models: [{name: a, id: '', provider: openAI}]", "llm.models[0].id", "llm.models model id cannot be empty")]
    [InlineData("models: [{name: a, provider: {reference: none}}]", "llm.models[0].provider.reference", "model a has unresolved provider reference none")]
    [InlineData("providers: [{name: p, provider: openAI}, {name: p, provider: openAI}], models: []", "llm.providers[1].name", "llm.providers contains duplicate provider names")]
    [InlineData("providers: [{name: p, provider: {reference: q}}], models: []", "llm.providers[0].provider", "llm.providers.p cannot reference another provider")]
    [InlineData("providers: [{name: p, provider: openAI}], models: [{name: a, provider: {reference: p}, params: {apiKey: k}}]", "llm.models[0].params", "model a references provider p and can only set params.model")]
    [InlineData("models: [{name: a, provider: {custom: {formats: [{type: messages}]}}}]", "llm.models[0].provider", "custom provider for model a requires params.baseUrl")]
    [InlineData("models: [{name: a, provider: {custom: {formats: []}}, params: {baseUrl: 'http://h'}}]", "llm.models[0].provider.custom.formats", "custom provider for model a must specify at least one format")]
    [InlineData("models: [{name: a, provider: openAI, params: {baseUrl: 'https://u:p@h/v1'}}]", "llm.models[0].params.baseUrl", "params.baseUrl cannot include user info, query parameters, or a fragment")]
    [InlineData("models: [{name: a, provider: vertex}]", "llm.models[0].params", "vertex requires vertex_project")]
    [InlineData("models: [{name: a, provider: bedrock}]", "llm.models[0].params", "bedrock requires aws_region")]
    [InlineData("models: [{name: a, provider: azure, params: {azureResourceName: r}}]", "llm.models[0].params", "azure requires azureResourceType")]
    [InlineData("models: [], virtualModels: [{name: v, routing: {}}]", "llm.virtualModels[0].routing", "virtual model v must specify exactly one routing strategy")]
    [InlineData("models: [], virtualModels: [{name: v, routing: {weighted: {targets: []}}}]", "llm.virtualModels[0].routing.weighted.targets", "virtual model v must specify at least one weighted target")]
    [InlineData("models: [], virtualModels: [{name: v, routing: {failover: {targets: []}}}]", "llm.virtualModels[0].routing.failover.targets", "virtual model v must specify at least one failover target")]
    [InlineData("models: [{name: a, provider: openAI}], virtualModels: [{name: v, routing: {conditional: {targets: [{model: a}, {when: 'true', model: a}]}}}]", "llm.virtualModels[0].routing.conditional.targets[0]", "virtual model v conditional fallback target must be last")]
    [InlineData("models: [{name: a, provider: openAI}], virtualModels: [{name: v, routing: {conditional: {targets: [{when: 'true', model: b}]}}}]", "llm.virtualModels[0].routing.conditional.targets[0].model", "virtual model target b does not match any llm.models entry")]
    public void Load_LlmThatDoesNotFit_SaysWhatIsWrong(string section, string path, string message)
    {
        var error = SingleError($"{{llm: {{{section}}}}}");

        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownTargetBesideBrokenCondition_ReportsBoth()
    {
        var errors = Load("{llm: {models: [], virtualModels: [{name: v, routing: {conditional: {targets: [{when: '1 +', model: b}]}}}]}}").Errors;

        Assert.Equal(
            ["llm.virtualModels[0].routing.conditional.targets[0].model", "llm.virtualModels[0].routing.conditional.targets[0].when"],
            errors.Select(static e => e.Path).Order(StringComparer.Ordinal));
    }

    private static LlmSnapshot Section(string text) =>
        LoadValid($"llm:\n  {text.Replace("\n", "\n  ", StringComparison.Ordinal)}").Snapshot!.Llm!;

    private static EquatableArray<LlmModelSnapshot> Models(string models) => Section($"models:\n{models}").Models;
}

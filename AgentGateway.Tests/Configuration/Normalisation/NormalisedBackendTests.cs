using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class NormalisedBackendTests
{
    [Fact]
    public void Load_AgentCoreBackend_TakesRegionAndAccountOutOfTheArn()
    {
        var route = Routes("backends: [{aws: {agentCore: {agentRuntimeArn: \"arn:aws:bedrock-agentcore:eu-west-1:210987654321:runtime/helper\"}}}]")[0];

        var backend = Assert.IsType<AgentCoreBackendSnapshot>(Assert.Single(route.Backends).Backend);
        Assert.Equal("eu-west-1", backend.Region);
        Assert.Equal("210987654321", backend.AccountId);
        Assert.Null(backend.Qualifier);
        Assert.Equal($"{route.Key}/backend0", backend.Key);
    }

    [Fact]
    public void Load_DynamicBackend_HasAKeyAndItsTargetExpression()
    {
        var route = Routes("backends: [{dynamic: {}}, {dynamic: {target: 'request.headers[\"x-to\"]'}}]")[0];

        Assert.Equal([$"{route.Key}/backend0", $"{route.Key}/backend1"], route.Backends.Select(static b => b.Backend.Key));
        Assert.Null(Assert.IsType<DynamicBackendSnapshot>(route.Backends[0].Backend).Target);
        Assert.Equal("request.headers[\"x-to\"]", Assert.IsType<DynamicBackendSnapshot>(route.Backends[1].Backend).Target!.Source);
    }

    [Fact]
    public void Load_Credentials_AreKeptInOrderAndNeverShown()
    {
        var routes = Routes(
            """
            backends: [{host: "one.example.com:443", policies: {backendAuth: {credentials: [
              {location: {header: {name: x-first}}, key: alpha-1},
              {location: {header: {name: x-second}}, key: beta-2},
              {location: {header: {name: x-third, prefix: "Token "}}, key: gamma-3}]}}}]
            """,
            """
            backends: [{host: "two.example.com:443", policies: {backendAuth: {key: {value: delta-4},
              credentials: [{location: {header: {name: x-mail}}, key: epsilon-5}]}}}]
            """);

        var listed = Assert.IsType<BackendAuth>(Assert.Single(routes[0].Backends[0].Policies));
        Assert.Null(listed.Key);
        Assert.Equal(["x-first", "x-second", "x-third"], listed.Credentials.Select(static c => c.Location.Header!.Name));
        Assert.Equal(["", "", "Token "], listed.Credentials.Select(static c => c.Location.Header!.Prefix));
        Assert.Equal("beta-2", listed.Credentials[1].Key.Reveal());
        var combined = Assert.IsType<BackendAuth>(Assert.Single(routes[1].Backends[0].Policies));
        Assert.Equal("delta-4", combined.Key!.Value.Reveal());
        Assert.Null(combined.Key.Location);
        Assert.Equal("epsilon-5", Assert.Single(combined.Credentials).Key.Reveal());
        Assert.DoesNotContain("alpha-1", listed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("delta-4", combined.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("copilot")]
    [InlineData("{copilot: {}}")]
    [InlineData("{key: plain}")]
    [InlineData("{key: {file: key.txt}}")]
    [InlineData("{key: {value: explicit}}")]
    [InlineData("{key: {value: explicit}, credentials: [{location: {header: {name: x-a}}, key: b}]}")]
    [InlineData("{credentials: [{location: {header: {name: x-a}}, key: b}]}")]
    [InlineData("{passthrough: {}}")]
    [InlineData("{}", false)]
    [InlineData("{key: a, passthrough: {}}", false)]
    [InlineData("copilots", false)]
    public void Load_BackendAuth_AcceptsEachOfItsForms(string text, bool valid = true)
    {
        var result = Load(
            $"binds: [{{port: 1, listeners: [{{routes: [{{backends: [{{host: \"h:1\", policies: {{backendAuth: {text}}}}}]}}]}}]}}]",
            files: new Dictionary<string, string> { ["key.txt"] = "from-file\n" });

        Assert.Equal(valid, result.IsValid);
        Assert.All(result.Errors, static e => Assert.StartsWith("binds[0].listeners[0].routes[0].backends[0].policies.backendAuth", e.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_ProviderGroups_KeepOrderAndOverrides()
    {
        var backend = Assert.IsType<AiBackendSnapshot>(Routes(
            """
            backends: [{ai: {groups: [
              {providers: [{name: first, provider: {anthropic: {}}}]},
              {providers: [
                {name: second, provider: {openAI: {}}},
                {name: third, hostOverride: "llm.example.com:8443", pathOverride: /x/chat, provider: {openAI: {model: tiny}}, policies: {backendAuth: {key: abc}, backendTLS: {}}}]}]}}]
            """)[0].Backends[0].Backend);

        Assert.Equal([["first"], ["second", "third"]], backend.Groups.Select(static g => g.Select(static p => p.Name).ToArray()).ToArray());
        var third = backend.Groups[1][1];
        Assert.Equal("llm.example.com:8443", third.HostOverride!.ToString());
        Assert.Equal("/x/chat", third.PathOverride);
        Assert.Equal("tiny", third.Provider.OpenAi!.Model);
        var tls = Assert.Single(third.Policies.OfType<BackendTls>());
        Assert.Null(tls.Root);
        Assert.False(tls.Insecure);
        Assert.Equal("abc", Assert.Single(third.Policies.OfType<BackendAuth>()).Key!.Value.Reveal());
    }

    [Fact]
    public void Load_UnknownBackendPolicy_IsAnUnknownField()
    {
        var error = SingleError("backends: [{name: a, host: \"h:1\", policies: {backendTls: {}}}]");

        Assert.Equal("backends[0].policies.backendTls", error.Path);
        Assert.StartsWith("unknown field `backendTls` in backends[0].policies; did you mean `backendTLS`?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SessionAffinityOfAService_IsKept()
    {
        var route = Routes("backends: [{service: {name: prod/models, port: 8000}, policies: {sessionAffinity: {source: 'request.headers[\"x-session\"]'}}}]")[0];

        Assert.Equal("request.headers[\"x-session\"]", Assert.IsType<SessionAffinity>(Assert.Single(route.Backends[0].Policies)).Source.Source);
    }

    [Fact]
    public void Load_InferenceRoutingOfAService_IsKept()
    {
        var route = Routes("backends: [{service: {name: prod/models, port: 8000}, policies: {inferenceRouting: {endpointPicker: {host: \"picker:9002\"}, destinationMode: passthrough}}}]")[0];

        var policy = Assert.IsType<InferenceRouting>(Assert.Single(route.Backends[0].Policies));
        Assert.Equal(InferenceDestinationMode.Passthrough, policy.DestinationMode);
        Assert.Equal("picker:9002", policy.EndpointPicker.ToString());
    }

    [Theory]
    [InlineData("{binds: [{port: 1, listeners: [{routes: [{backends: [{host: \"h:1\", policies: {inferenceRouting: {endpointPicker: {host: \"p:1\"}}}}]}]}]}]}",
        "binds[0].listeners[0].routes[0].backends[0].policies.inferenceRouting", "inferenceRouting is only supported on service route backends")]
    [InlineData("{backends: [{name: a, host: \"h:1\", policies: {inferenceRouting: {endpointPicker: {host: \"p:1\"}}}}]}",
        "backends[0].policies.inferenceRouting", "inferenceRouting is only supported on service route backends, not named backends")]
    [InlineData("{backends: [{name: a, ai: {name: o, provider: {openAI: {}}, policies: {inferenceRouting: {endpointPicker: {host: \"p:1\"}}}}}]}",
        "backends[0].ai.policies.inferenceRouting", "inferenceRouting is only supported on service route backends, not AI provider policies")]
    [InlineData("{binds: [{port: 1, listeners: [{routes: [{backends: [{service: {name: a/b, port: 1}, policies: {inferenceRouting: {endpointPicker: {host: \"p:1\"}, failureMode: failOpen}}}]}]}]}]}",
        "binds[0].listeners[0].routes[0].backends[0].policies.inferenceRouting.failureMode", "unknown field `failureMode`")]
    public void Load_InferenceRoutingOutOfPlace_IsRefused(string text, string path, string message)
    {
        var error = SingleError(text);

        Assert.Equal(path, error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://auth.example.com", "auth.example.com", 80, false)]
    [InlineData("https://auth.example.com", "auth.example.com", 443, true)]
    [InlineData("https://auth.example.com:8443/", "auth.example.com", 8443, true)]
    [InlineData("auth.example.com:9000", "auth.example.com", 9000, false)]
    [InlineData("[::1]:9000", "::1", 9000, false)]
    public void Load_HostOfAHelper_MayBeAnUrl(string host, string name, int port, bool tls)
    {
        var policy = Assert.IsType<RequestMirror>(Assert.Single(Routes($"policies: {{requestMirror: {{percentage: 0.5, backend: {{host: \"{host}\"}}}}}}")[0].Policies));

        Assert.Equal((name, port), (policy.Backend.Host!.Host, policy.Backend.Host.Port));
        Assert.Equal(tls, policy.Backend.Tls);
    }

    [Theory]
    [InlineData("https://auth.example.com/check", "backend URL paths are not supported")]
    [InlineData("ftp://auth.example.com", "backend URL scheme must be http or https")]
    [InlineData("https://", "backend URL must include a host")]
    [InlineData("auth.example.com", "invalid host:port `auth.example.com`")]
    public void Load_HostOfAHelperThatIsNone_IsRefused(string host, string message) =>
        Assert.StartsWith(
            message,
            SingleError($"binds: [{{port: 1, listeners: [{{routes: [{{policies: {{requestMirror: {{percentage: 0.5, backend: {{host: \"{host}\"}}}}}}}}]}}]}}]").Message,
            StringComparison.Ordinal);
}

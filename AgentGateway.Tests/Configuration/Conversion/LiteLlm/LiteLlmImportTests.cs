using AgentGateway.Configuration.Conversion;
using AgentGateway.Configuration.Conversion.LiteLlm;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Configuration.Conversion.LiteLlm;

public sealed class LiteLlmImportTests
{
    public static TheoryData<string> Files { get; } =
        [.. Directory.EnumerateFiles(FolderOfFiles, "*.yaml").Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string FolderOfFiles => Path.Combine(Repository.Root, "AgentGateway.Tests", "Configuration", "Conversion", "LiteLlm", "Files");

    [Theory]
    [MemberData(nameof(Files))]
    public void Convert_EveryFile_MakesAValidConfiguration(string file)
    {
        var result = Convert(file);

        Assert.NotEmpty(Load(result).Llm!.Models);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Convert_EveryFile_LosesNothingInSilence(string file)
    {
        var text = File.ReadAllText(Path.Combine(FolderOfFiles, file));
        var result = LiteLlmImport.Convert(text);
        var source = YamlDocument.Parse(new SourceText(text, text, []), [])!;

        // Each text of the source is in the new document, or a note speaks of its place or one around it.
        foreach (var (path, value) in Leaves(source, ""))
        {
            var carried = value.StartsWith("os.environ/", StringComparison.Ordinal) ? "$" + value[11..] : value.Replace("$", "$$", StringComparison.Ordinal);
            Assert.True(
                result.Text!.Contains(carried, StringComparison.Ordinal) || result.Notes.Any(note => path.StartsWith(note.Path, StringComparison.Ordinal)) || IsRewritten(path),
                $"{file}: {path} is lost");
        }
    }

    [Fact]
    public void Convert_OneModel_StaysAModel()
    {
        var llm = Load(Convert("minimal.yaml")).Llm!;

        var model = Assert.Single(llm.Models).Model;
        Assert.Equal(("gpt-3.5-turbo", LlmProviderName.OpenAi, "gpt-3.5-turbo"), (model.Name, model.Provider.Name, model.Params!.Model));
        Assert.Empty(llm.VirtualModels);
    }

    [Fact]
    public void Convert_SeveralDeployments_ShareTheNameByWeight()
    {
        var llm = Load(LiteLlmImport.Convert(
            """
            model_list:
            - {model_name: chat, litellm_params: {model: openai/a, weight: 3}}
            - {model_name: chat, litellm_params: {model: anthropic/b, weight: 1}}
            """)).Llm!;

        Assert.All(llm.Models, static m => Assert.Equal(ModelVisibility.Internal, m.Model.Visibility));
        var targets = Assert.Single(llm.VirtualModels).Routing.Weighted!.Targets;
        Assert.Equal([("litellm/chat/1", 3), ("litellm/chat/2", 1)], targets.Select(static t => (t.Model, t.Weight)));
    }

    [Fact]
    public void Convert_FallbacksAndOrder_BecomePriorities()
    {
        var llm = Load(Convert("load-balancing.yaml")).Llm!;

        Assert.Equal(["zephyr-beta", "fast", "zephyr"], llm.VirtualModels.Select(static m => m.Name));
        var zephyr = llm.VirtualModels[0].Routing.Failover!.Targets.Select(static t => (t.Model, t.Priority));
        Assert.Equal([("litellm/zephyr-beta/1", 0), ("litellm/zephyr-beta/2", 0), ("litellm/fast/1", 1), ("litellm/fast/2", 1)], zephyr);
        Assert.Equal([("litellm/fast/1", 1), ("litellm/fast/2", 0)], llm.VirtualModels[1].Routing.Failover!.Targets.Select(static t => (t.Model, t.Priority)));
    }

    [Fact]
    public void Convert_FallbacksInACircle_EachNameKeepsItsOwnDeploymentFirst()
    {
        var llm = Load(LiteLlmImport.Convert(
            """
            model_list:
            - {model_name: a, litellm_params: {model: openai/a}}
            - {model_name: b, litellm_params: {model: openai/b}}
            router_settings: {fallbacks: [{a: [b]}, {b: [a]}]}
            """)).Llm!;

        Assert.Equal(["litellm/a/1 litellm/b/1", "litellm/b/1 litellm/a/1"], llm.VirtualModels.Select(static m => string.Join(' ', m.Routing.Failover!.Targets.Select(static t => t.Model))));
    }

    [Fact]
    public void Convert_Wildcards_RewriteTheNameThatTheProviderGets()
    {
        var result = Convert("wildcards.yaml");

        var models = Load(result).Llm!.Models.Select(static m => (m.Model.Name, m.Model.Params!.Model, m.Model.Transformation.GetValueOrDefault("model")?.Source));
        Assert.Equal(
            [
                ("*", null, null),
                ("anthropic/*", null, "llmRequest.model.stripPrefix(\"anthropic/\")"),
                ("team-*", null, "\"ft:gpt-\" + llmRequest.model.stripPrefix(\"team-\")"),
                ("gpt-*", null, null),
                ("*-preview", null, null),
            ],
            models);
        Assert.Equal(["model_list[5].model_name", "model_list[6].model_name"], result.Notes.Where(static n => n.Fidelity == ConversionFidelity.Unsupported).Select(static n => n.Path));
    }

    [Fact]
    public void Convert_MasterKey_IsTheOnlyKeyAndComesFromTheEnvironment()
    {
        var result = Convert("wildcards.yaml");

        Assert.Contains("- key: $LITELLM_MASTER_KEY", result.Text, StringComparison.Ordinal);
        var bind = Load(result).Binds.Single(static b => b.Port == 4000);
        var policy = Assert.IsType<ApiKeyAuth>(Assert.Single(bind.Listeners[0].Policies));
        Assert.Equal(AuthenticationMode.Strict, policy.Mode);
        Assert.Equal(("X-Litellm-Key", "Bearer "), (policy.Location!.Header!.Name, policy.Location.Header.Prefix));
    }

    [Fact]
    public void Convert_SettingsOfProviders_AreCarried()
    {
        var models = Load(Convert("everything.yaml")).Llm!.Models.ToDictionary(static m => m.Model.Name, static m => m.Model);

        var azure = models["litellm/gpt-4o/1"].Params!;
        Assert.Equal(("my-endpoint-europe", AzureResourceType.OpenAI, "2025-01-01-preview", "gpt-4o-eu"), (azure.AzureResourceName, azure.AzureResourceType, azure.AzureApiVersion, azure.Model));
        Assert.Equal("{\"temperature\":0.2}", models["litellm/gpt-4o/2"].Defaults!.Json);
        Assert.Equal("http://localhost:11434/v1", models["local"].Params!.BaseUrl);
        Assert.Equal("anthropic.claude-3-sonnet-20240229-v1:0", models["litellm/claude/1"].Params!.Model);
        Assert.Equal(TimeSpan.FromSeconds(30), models["local"].Health!.Eviction!.Duration);
    }

    [Fact]
    public void Convert_SecretWithDollarSigns_SurvivesExpansion()
    {
        var result = LiteLlmImport.Convert(
            """
            model_list:
            - {model_name: m, litellm_params: {model: openai/m, api_key: "pa$$word$X"}}
            """);

        Assert.Contains("apiKey: pa$$$$word$$X", result.Text, StringComparison.Ordinal);
        Assert.True(TestLoad.LoadValid(result.Text!).IsValid);
    }

    [Fact]
    public void Convert_McpServers_BecomeTargets()
    {
        var result = Convert("everything.yaml");

        var route = Load(result).Binds.Single(static b => b.Port == 3000).Listeners[0].Routes[0];
        var targets = Assert.IsType<McpBackendSnapshot>(route.Backends[0].Backend).Targets;
        Assert.Equal(["deepwiki", "my-sse", "fs"], targets.Select(static t => t.Name));
        Assert.Equal(["-y", "@mcp/fs", "/tmp"], Assert.IsType<McpStdioTargetSnapshot>(targets[2]).Arguments);
    }

    [Fact]
    public void Convert_WhatLiteLlmTakesFromTheEnvironment_IsWrittenOut()
    {
        var result = Convert("providers.yaml");
        var models = Load(result).Llm!.Models.ToDictionary(static m => m.Model.Name, static m => m.Model);

        Assert.Equal("https://azure.example.com", models["azure-from-environment"].Params!.BaseUrl);
        Assert.Equal("https://azure.example.com", models["azure-behind-a-variable"].Params!.BaseUrl);
        Assert.Equal("eu-west-1", models["bedrock-profile"].Params!.AwsRegion);
        Assert.Equal(("ap-south-1", "meta.llama3-70b-instruct-v1:0"), (models["bedrock-region"].Params!.AwsRegion, models["bedrock-region"].Params!.Model));
        Assert.Equal("us-west-2", models["bedrock-role"].Params!.AwsRegion);
        Assert.Contains("awsRegion: ${AWS_REGION_NAME:-us-west-2}", result.Text, StringComparison.Ordinal);
        Assert.Equal("arn:aws:iam::012345678901:role/models", models["bedrock-role"].Auth!.Aws!.AssumeRole!.RoleArn);
        Assert.Equal("vertexai_project", models["vertex-from-environment"].Params!.VertexProject);
    }

    [Fact]
    public void Convert_ServicesInTheFormatOfOpenAi_KeepTheirAddress()
    {
        var models = Load(Convert("providers.yaml")).Llm!.Models.ToDictionary(static m => m.Model.Name, static m => m.Model);

        Assert.Equal(("https://api.perplexity.ai", "sonar"), (models["perplexity"].Params!.BaseUrl, models["perplexity"].Params!.Model));
        Assert.Equal(("https://integrate.api.nvidia.com/v1", "meta/llama3-70b-instruct"), (models["nim"].Params!.BaseUrl, models["nim"].Params!.Model));
        Assert.Equal("ft:gpt-4o-mini:org::id", models["litellm/fine-tuned/1"].Params!.Model);
    }

    [Fact]
    public void Convert_OlderNamesOfSettings_AreCarried()
    {
        var result = LiteLlmImport.Convert(
            """
            model_list:
            - {model_name: a, litellm_params: {model: vertex_ai/gemini-pro, vertex_ai_project: older, vertex_ai_location: us-east5}}
            - {model_name: b, litellm_params: {model: vertex_ai/gemini-pro, vertex_project: newer, vertex_ai_project: older}}
            """);
        var models = TestLoad.LoadValid(result.Text!).Snapshot!.Llm!.Models.ToDictionary(static m => m.Model.Name, static m => m.Model);

        Assert.Equal(("older", "us-east5"), (models["a"].Params!.VertexProject, models["a"].Params!.VertexRegion));
        Assert.Equal("newer", models["b"].Params!.VertexProject);
    }

    [Theory]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0")]
    [InlineData("us.amazon.nova-pro-v1:0")]
    public void Convert_ModelOfBedrockWithoutItsProvider_IsKnown(string model)
    {
        var result = LiteLlmImport.Convert($"model_list: [{{model_name: a, litellm_params: {{model: '{model}', aws_region_name: us-east-1}}}}]");

        var parameters = TestLoad.LoadValid(result.Text!).Snapshot!.Llm!.Models[0].Model.Params!;
        Assert.Equal((model, "us-east-1"), (parameters.Model, parameters.AwsRegion));
        Assert.Contains("provider: bedrock", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_KeysWithoutAValue_AreNotNoted()
    {
        var result = LiteLlmImport.Convert(
            """
            model_list:
            - {model_name: a, litellm_params: {model: openai/a, api_base: null, seed_of_ours: ~}}
            general_settings: {database_url: null, allowed_ips: }
            """);

        Assert.Equal(ConversionFidelity.Exact, Assert.Single(result.Notes).Fidelity);
    }

    [Fact]
    public void Convert_HeaderThatIsNone_IsLeftOutAndNamed()
    {
        var result = LiteLlmImport.Convert(
            """
            model_list:
            - {model_name: a, litellm_params: {model: openai/a, extra_headers: {"Resource Group": x, x-team: y}}}
            """);

        Assert.True(TestLoad.LoadValid(result.Text!).IsValid);
        Assert.Contains("x-team: y", result.Text, StringComparison.Ordinal);
        Assert.Contains(result.Notes, static note => note.Path.Contains("Resource Group", StringComparison.Ordinal) && note.Message.Contains("not an HTTP header name", StringComparison.Ordinal));
    }

    [Fact]
    public void Convert_SettingsInSeveralPlaces_AreTakenTogether()
    {
        var result = Convert("providers.yaml");
        var llm = Load(result).Llm!;

        var eviction = llm.Models[0].Model.Health!.Eviction!;
        Assert.Equal((3, TimeSpan.FromSeconds(30)), (eviction.ConsecutiveFailures, eviction.Duration));
        Assert.Contains("      failover:\n        targets:\n        - model: litellm/fine-tuned/1\n          priority: 0\n        - model: litellm/shared/1", result.Text, StringComparison.Ordinal);
        Assert.Contains("        - model: litellm/shared/1\n          weight: 300\n        - model: litellm/shared/2\n          weight: 100", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_CredentialsAndVariablesOfMcpServers_AreCarried()
    {
        var result = Convert("providers.yaml");

        Load(result);
        Assert.Contains("backendAuth:\n        key: $GITHUB_TOKEN", result.Text, StringComparison.Ordinal);
        Assert.Contains("value: $KEYED_TOKEN\n          location:\n            header:\n              name: X-API-Key", result.Text, StringComparison.Ordinal);
        Assert.Contains("PORT: \"8080\"", result.Text, StringComparison.Ordinal);
        Assert.Contains(result.Notes, static note => note.Path == "mcp_servers.login.auth_type");
    }

    [Fact]
    public void Convert_Notes_NeverRepeatSecrets()
    {
        var result = Convert("everything.yaml");

        Assert.All(result.Notes, static note => Assert.DoesNotContain("sk-1234", note.ToString(), StringComparison.Ordinal));
        Assert.All(result.Notes, static note => Assert.DoesNotContain("secret-host", note.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("postgresql://", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", "not well-formed YAML")]
    [InlineData("binds: []", "no model_list")]
    [InlineData("- 1", "no model_list")]
    public void Convert_SomethingElse_SaysWhy(string text, string problem)
    {
        var result = LiteLlmImport.Convert(text);

        Assert.Null(result.Text);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }

    private static ConversionResult Convert(string file) => LiteLlmImport.Convert(File.ReadAllText(Path.Combine(FolderOfFiles, file)));

    private static GatewaySnapshot Load(ConversionResult result)
    {
        Assert.Null(result.Problem);
        string[] variables =
        [
            "OPENAI_API_KEY", "OPENAI_ORG", "ANTHROPIC_API_KEY", "AZURE_API_KEY_EU", "AWS_ID", "AWS_SECRET", "FS_KEY", "GROQ_API_KEY", "CEREBRAS_API_KEY", "GEMINI_API_KEY", "LITELLM_MASTER_KEY",
            "PERPLEXITY_API_KEY", "NVIDIA_API_KEY", "VERTEXAI_PROJECT", "GITHUB_TOKEN", "KEYED_TOKEN",
        ];
        var environment = variables.ToDictionary(static v => v, static v => v.ToLowerInvariant());
        environment["AZURE_API_BASE"] = environment["AZURE_BASE"] = "https://azure.example.com";
        return TestLoad.LoadValid(result.Text!, environment).Snapshot!;
    }

    // Addresses of Azure become the name of a resource, names of models lose their provider, numbers become durations.
    private static bool IsRewritten(string path) =>
        path.EndsWith(".litellm_params.model", StringComparison.Ordinal) || path.EndsWith(".api_base", StringComparison.Ordinal) || path.EndsWith(".litellm_credential_name", StringComparison.Ordinal)
        || path.EndsWith(".credential_name", StringComparison.Ordinal) || path.EndsWith(".transport", StringComparison.Ordinal) || path.EndsWith(".auth_type", StringComparison.Ordinal) || path.EndsWith(".order", StringComparison.Ordinal)
        || path.EndsWith(".custom_llm_provider", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Value)> Leaves(ConfigNode node, string path) => node switch
    {
        MappingNode mapping => mapping.Entries.SelectMany(entry => Leaves(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}")),
        SequenceNode sequence => sequence.Items.SelectMany((item, i) => Leaves(item, $"{path}[{i}]")),
        ScalarNode scalar => [(path, scalar.Text)],
        _ => [],
    };
}

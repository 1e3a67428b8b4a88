using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Reference;
using AgentGateway.Tests.Configuration.Examples;
using Xunit;

namespace AgentGateway.Tests.Configuration.Reference;

/// <summary>
/// <c>schema/config.json</c> and <c>docs/configuration.md</c> are written from the readers. To rewrite them after a change, run this class with the
/// environment variable <c>UPDATE_DOCS=1</c>.
/// </summary>
public sealed class ConfigurationReferenceTests
{
    private static readonly JsonDocument Schema = JsonDocument.Parse(ConfigurationReference.Schema());

    public static TheoryData<string> OwnFiles { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "examples"), "*.yaml", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [InlineData("schema/config.json")]
    [InlineData("docs/configuration.md")]
    public void CommittedFile_IsWhatTheProgramWrites(string file)
    {
        var path = Path.Combine(Repository.Root, file);
        var expected = file.EndsWith(".json", StringComparison.Ordinal) ? ConfigurationReference.Schema() : ConfigurationReference.Page();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
            return;
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void EveryKey_HasAMeaning()
    {
        var gaps = ConfigurationReference.Describe().Objects
            .SelectMany(static type => type.Keys.Select(key => (Name: $"{type.Name}.{key.Key}", key.Doc)))
            .Where(static key => !key.Doc.EndsWith('.') || key.Doc.Length < 4)
            .Select(static key => key.Name);

        Assert.Empty(gaps);
    }

    [Fact]
    public void EveryType_HasAMeaning() =>
        Assert.All(ConfigurationReference.Describe().Objects, static type => Assert.True(type.Doc.Length > 4 && type.Doc.EndsWith('.'), type.Name));

    [Fact]
    public void EveryExample_IsAcceptedByTheReaderOfItsKey()
    {
        var catalogue = ConfigurationReference.Describe();
        var problems = new List<string>();
        foreach (var type in catalogue.Objects)
        {
            foreach (var key in type.Keys)
            {
                problems.AddRange(Read(key, AgentGateway.Configuration.Reference.Examples.Of(key, catalogue)).Select(problem => $"{type.Name}.{key.Key}: {problem}"));
            }
        }

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    [Fact]
    public void EveryExample_IsAcceptedByTheSchemaOfItsKey()
    {
        var catalogue = ConfigurationReference.Describe();
        var problems = new List<string>();
        foreach (var type in catalogue.Objects)
        {
            foreach (var key in type.Keys)
            {
                var rule = Schema.RootElement.GetProperty("definitions").GetProperty(type.Name).GetProperty("properties").GetProperty(key.Key).GetRawText();
                using var one = JsonDocument.Parse($"{{\"definitions\": {Schema.RootElement.GetProperty("definitions").GetRawText()}, \"allOf\": [{rule}]}}");
                using var example = ToJson(AgentGateway.Configuration.Reference.Examples.Of(key, catalogue));
                problems.AddRange(new SchemaValidator(one.RootElement).Validate(example.RootElement).Select(problem => $"{type.Name}.{key.Key}: {problem}"));
            }
        }

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    [Theory]
    [MemberData(nameof(OwnFiles))]
    public void Schema_OwnExamples_AreAccepted(string file) => Assert.Empty(Validate(File.ReadAllText(Path.Combine(Repository.Root, file))));

    [Fact]
    public void Schema_DocumentWithMostKeys_IsAccepted() => Assert.Empty(Validate(OwnExamples.Everything));

    [Fact]
    public void Schema_EveryFileOfTheCorpus_IsAccepted()
    {
        var folder = Environment.GetEnvironmentVariable("AGENTGATEWAY_CORPUS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "AGENTGATEWAY_CORPUS is not set");

        Assert.Empty(ExampleFiles.InFolder(folder).SelectMany(static file => Validate(file.Text).Select(problem => $"{file.Name}: {problem}")));
    }

    [Theory]
    [InlineData("binds: [{port: $PORT, listeners: []}]")]
    [InlineData("config: {enableIpv6: \"${IPV6:-true}\", connectionTerminationDeadline: $DEADLINE, logging: {format: $FORMAT}}")]
    [InlineData("routes: [{backends: [{host: $HOST, weight: \"${WEIGHT}\", policies: {http: {version: 1.1}}}]}]")]
    [InlineData("frontendPolicies: {http:, tracing: null}\nbinds:\n")]
    [InlineData("routes: [{backends: [{host: 'a:1', backend: null}]}]")]
    [InlineData("{}")]
    public void Schema_ValuesFromTheEnvironmentAndEmptyKeys_AreAccepted(string text) => Assert.Empty(Validate(text));

    [Theory]
    [InlineData("bind: []", "$.bind")]
    [InlineData("binds: [{port: 3000, listeners: [], colour: red}]", "$.binds[0].colour")]
    [InlineData("binds: [{port: many, listeners: []}]", "$.binds[0].port")]
    [InlineData("binds: [{port: 70000, listeners: []}]", "$.binds[0].port")]
    [InlineData("binds: [{port: 3000}]", "$.binds[0]")]
    [InlineData("binds: {}", "$.binds")]
    [InlineData("binds: [{port: 1, listeners: [{protocol: HTTQ}]}]", "$.binds[0].listeners[0].protocol")]
    [InlineData("routes: [{policies: {timeout: {requestTimeout: 5}}}]", "$.routes[0].policies.timeout.requestTimeout")]
    [InlineData("routes: [{policies: {timeout: {requestTimeout: -5s}}}]", "$.routes[0].policies.timeout.requestTimeout")]
    [InlineData("routes: [{backends: [{host: 'a:1', backend: b}]}]", "$.routes[0].backends[0]")]
    [InlineData("routes: [{backends: [{weight: 1}]}]", "$.routes[0].backends[0]")]
    [InlineData("frontendPolicies: {accessLog: {}, logging: {}}", "$.frontendPolicies")]
    [InlineData("config: {enableIpv6: 'yes'}", "$.config.enableIpv6")]
    public void Schema_WhatTheLoaderRefuses_IsRefusedAtItsPlace(string text, string path)
    {
        Assert.Contains(Validate(text), problem => problem.StartsWith(path + ":", StringComparison.Ordinal));
        Assert.False(TestLoad.Load(text).IsValid);
    }

    [Fact]
    public void Page_EveryKey_HasARow()
    {
        var page = ConfigurationReference.Page();

        Assert.All(ConfigurationReference.Describe().Objects, type =>
        {
            var start = page.IndexOf($"\n## {type.Name}\n", StringComparison.Ordinal);
            Assert.True(start >= 0, type.Name);
            var end = page.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
            var section = end < 0 ? page[start..] : page[start..end];
            Assert.All(type.Keys, key => Assert.Contains($"\n| `{key.Key}`", section, StringComparison.Ordinal));
            Assert.All(section.Split('\n').Where(static line => line.StartsWith('|')), static line => Assert.Equal(6, line.Replace("\\|", "", StringComparison.Ordinal).Count(static c => c == '|')));
        });
    }

    private static IEnumerable<string> Read(KeyDescription key, string example)
    {
        var problems = new List<ConfigurationProblem>();
        var node = YamlDocument.Parse(new SourceText(example, example, []), problems);
        if (node is null || problems.Count > 0)
        {
            return problems.Select(static p => p.ToString());
        }

        var context = new ReadContext(new LoadOptions { Environment = static name => name == "OIDC_COOKIE_SECRET" ? new string('a', 64) : null, Files = new ExampleContents(), ForRuntime = false });
        key.Read(node, context);
        return context.Errors.Select(static p => p.ToString());
    }

    private static IReadOnlyList<string> Validate(string yaml)
    {
        using var document = ToJson(yaml);
        return new SchemaValidator(Schema.RootElement).Validate(document.RootElement);
    }

    private static JsonDocument ToJson(string yaml) => JsonDocument.Parse(JsonShape.ToJson(YamlDocument.Parse(new SourceText(yaml, yaml, []), [])!).Json);

    /// <summary>Every file exists and holds a certificate and its key.</summary>
    private sealed class ExampleContents : IConfigurationFiles
    {
        private static readonly byte[] Content = Encoding.UTF8.GetBytes(TestPem.CertificateAndKey);

        public bool TryRead(string path, out byte[] content, out string problem)
        {
            content = Path.GetFileName(path) switch
            {
                "models.json" => """{"providers": {}}"""u8.ToArray(),
                "openapi.json" => """{"openapi": "3.0.0", "info": {"title": "x", "version": "1"}, "paths": {}}"""u8.ToArray(),
                _ => Content,
            };
            problem = "";
            return true;
        }

        public bool FolderExists(string path) => true;
    }
}

using System.Globalization;
using System.Text;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>
/// Converts the configuration of a LiteLLM proxy into one of ours: models, load balancing, fallbacks, aliases, the master key, MCP servers.
/// Source of the format: LiteLLM's documentation of the proxy's config.yaml.
/// </summary>
public static class LiteLlmImport
{
    /// <summary>Converts a document.</summary>
    /// <param name="text">LiteLLM's config.yaml.</param>
    /// <returns>Our document, and what became of each part of the source.</returns>
    public static ConversionResult Convert(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new List<ConfigurationProblem>();
        var node = YamlDocument.Parse(new SourceText(text, text, []), problems);
        if (problems.Count > 0 || node is null)
        {
            return new ConversionResult(null, string.Join('\n', problems), []);
        }

        if (node is not MappingNode mapping || !mapping.Has("model_list"))
        {
            return new ConversionResult(null, "this is no configuration of a LiteLLM proxy: it has no model_list", []);
        }

        var notes = new List<ConversionNote>();
        var document = Convert(new SourceMap(mapping, "", notes), notes);
        return new ConversionResult(Header(notes) + YamlOutput.Write(document), null, notes);
    }

    private static MappingNode Convert(SourceMap root, List<ConversionNote> notes)
    {
        var credentials = Credentials(root);
        var router = root.Map("router_settings") ?? new SourceMap(MappingNode.Empty, "router_settings", notes);
        var module = root.Map("litellm_settings") ?? new SourceMap(MappingNode.Empty, "litellm_settings", notes);
        var general = root.Map("general_settings") ?? new SourceMap(MappingNode.Empty, "general_settings", notes);

        var reader = new DeploymentReader(credentials, Health(module, router), notes);
        var routing = new ModelRouting([.. root.Maps("model_list").Select(reader.Read).OfType<Deployment>()], notes);
        routing.ReadFallbacks(module, "fallbacks");
        routing.ReadFallbacks(router, "fallbacks");
        routing.ReadDefaultFallbacks(module, "default_fallbacks");
        routing.ReadDefaultFallbacks(router, "default_fallbacks");
        routing.ReadAliases(router, "model_group_alias");
        routing.CheckNames();
        if (router.Raw("routing_strategy") is { } strategy)
        {
            router.Note(ConversionFidelity.Approximate, "routing_strategy", strategy == "simple-shuffle"
                ? "deployments are chosen at random by weight, those with priorities by health and latency"
                : "there is one strategy here: at random by weight, and among priorities by health and latency");
        }

        var (models, virtualModels) = routing.Build();
        var policies = ApiKey(general);
        var mcp = McpServers.Read(root, notes);
        router.Finish(Hints.Router);
        module.Finish(Hints.Module);
        general.Finish(Hints.General);
        root.Finish(Hints.Root);
        return Yaml.Map(
            ("llm", Yaml.Map(
                ("port", Yaml.Integer(4000)),
                ("policies", policies),
                ("models", models),
                ("virtualModels", virtualModels))),
            ("mcp", mcp));
    }

    private static Dictionary<string, MappingNode> Credentials(SourceMap root)
    {
        var credentials = new Dictionary<string, MappingNode>(StringComparer.Ordinal);
        foreach (var credential in root.Maps("credential_list"))
        {
            if (credential.Raw("credential_name") is { } name && credential.Take("credential_values") is MappingNode values)
            {
                credentials[name] = values;
            }

            if (credential.Map("credential_info") is { } info)
            {
                info.Finish(static _ => "facts about a credential are not kept in the configuration");
            }

            credential.Finish();
        }

        return credentials;
    }

    /// <param name="all">Where it may be set; the last one wins.</param>
    private static MappingNode? Health(params ReadOnlySpan<SourceMap> all)
    {
        int? failures = null;
        TimeSpan? duration = null;
        foreach (var settings in all)
        {
            var (ownFailures, ownDuration) = ReadHealth(settings);
            failures = ownFailures ?? failures;
            duration = ownDuration ?? duration;
        }

        var eviction = Yaml.Map(
            ("consecutiveFailures", failures is { } count ? Yaml.Integer(Math.Clamp(count, 1, 1_000_000)) : null),
            ("duration", duration is { } time ? Yaml.Text(GoDuration.Format(time)) : null)).OrNull();
        return eviction is null ? null : Yaml.Map(("eviction", eviction));
    }

    private static (int? Failures, TimeSpan? Duration) ReadHealth(SourceMap settings)
    {
        var failures = settings.Number("allowed_fails");
        TimeSpan? duration = null;
        if (settings.Raw("cooldown_time") is { } text)
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400_000)
            {
                duration = TimeSpan.FromMilliseconds(Math.Max(1, Math.Round(seconds * 1000)));
            }
            else
            {
                settings.Note(ConversionFidelity.Manual, "cooldown_time", "no number of seconds; not carried over");
            }
        }

        if (failures is not null)
        {
            settings.Note(ConversionFidelity.Approximate, "allowed_fails", "carried over as failures in a row, where LiteLLM counts those of a minute");
        }

        if (duration is not null)
        {
            settings.Note(ConversionFidelity.Exact, "cooldown_time", "time that a failing deployment is left out");
        }

        return (failures, duration);
    }

    private static MappingNode? ApiKey(SourceMap general)
    {
        var key = general.Text("master_key");
        var header = general.Raw("litellm_key_header_name");
        if (key is null)
        {
            if (header is not null)
            {
                general.Note(ConversionFidelity.Manual, "litellm_key_header_name", "not carried over: there is no master_key");
            }

            return null;
        }

        general.Note(ConversionFidelity.Approximate, "master_key", "the one key that clients may use; keys that LiteLLM keeps in its database are not carried over");
        if (header is not null && !Model.Traffic.TrafficShapes.IsToken(header))
        {
            general.Note(ConversionFidelity.Manual, "litellm_key_header_name", "no name of a header; not carried over");
            header = null;
        }

        return Yaml.Map(("apiKey", Yaml.Map(
            ("mode", Yaml.Text("strict")),
            ("keys", Yaml.List([Yaml.Map(("key", Yaml.Text(key)))])),
            ("location", header is null ? null : Yaml.Map(("header", Yaml.Map(("name", Yaml.Text(header)), ("prefix", Yaml.Text("Bearer ")))))))));
    }

    private static string Header(List<ConversionNote> notes)
    {
        var header = new StringBuilder("# yaml-language-server: $schema=https://agentgateway.dev/schema/config\n# Converted from a configuration of a LiteLLM proxy.\n");
        foreach (var note in notes)
        {
            if (note.Fidelity != ConversionFidelity.Exact)
            {
                // Comments are expanded too.
                header.Append("# ").Append(note.ToString().ReplaceLineEndings(" ").Replace("$", "$$", StringComparison.Ordinal)).Append('\n');
            }
        }

        return header.ToString();
    }
}

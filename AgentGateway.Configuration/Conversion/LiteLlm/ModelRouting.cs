using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>
/// Makes models and virtual models out of deployments: deployments of one name share its requests, and fallbacks follow them. A name with one
/// deployment and no fallback stays a model; others become a virtual model over internal ones.
/// </summary>
internal sealed class ModelRouting
{
    private readonly List<ConversionNote> _notes;
    private readonly OrderedDictionary<string, List<Deployment>> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _fallbacks = new(StringComparer.Ordinal);
    private readonly List<string> _defaultFallbacks = [];
    private readonly OrderedDictionary<string, string> _aliases = new(StringComparer.Ordinal);

    public ModelRouting(IEnumerable<Deployment> deployments, List<ConversionNote> notes)
    {
        _notes = notes;
        foreach (var deployment in deployments)
        {
            if (!_groups.TryGetValue(deployment.Group, out var group))
            {
                _groups.Add(deployment.Group, group = []);
            }

            if (group.Count > 0 && deployment.IsWildcard)
            {
                _notes.Add(new ConversionNote(
                    ConversionFidelity.Unsupported, "model_list", $"requests for the pattern `{Reading.Quoting.Shorten(deployment.Group)}` cannot be shared; only its first deployment is carried over"));
                continue;
            }

            group.Add(deployment);
        }
    }

    /// <summary>Reads <c>fallbacks</c>: a list of mappings from a name to the names that follow it.</summary>
    public void ReadFallbacks(SourceMap settings, string key)
    {
        foreach (var map in settings.Maps(key))
        {
            foreach (var (name, value) in map.Entries())
            {
                if (Names(value) is { } names)
                {
                    _fallbacks[name] = names;
                    map.Note(ConversionFidelity.Approximate, name, "carried over as priorities: a name that fails is left out for a while, and the next request goes to the following one");
                }
                else
                {
                    map.Note(ConversionFidelity.Unsupported, name, "a list of model names was expected; not carried over");
                }
            }
        }
    }

    /// <summary>Reads <c>default_fallbacks</c>: names that follow every name without fallbacks of its own.</summary>
    public void ReadDefaultFallbacks(SourceMap settings, string key)
    {
        if (settings.Take(key) is { } value)
        {
            if (Names(value) is { } names)
            {
                _defaultFallbacks.AddRange(names);
                settings.Note(ConversionFidelity.Approximate, key, "carried over as last priorities of every name without fallbacks of its own");
            }
            else
            {
                settings.Note(ConversionFidelity.Unsupported, key, "a list of model names was expected; not carried over");
            }
        }
    }

    /// <summary>Reads <c>model_group_alias</c>.</summary>
    public void ReadAliases(SourceMap settings, string key)
    {
        if (settings.Map(key) is not { } aliases)
        {
            return;
        }

        foreach (var (alias, value) in aliases.Entries())
        {
            var target = value is ScalarNode scalar ? scalar.Text : (value as MappingNode).GetText("model");
            if (target is null || !_groups.ContainsKey(target) || _groups.ContainsKey(alias) || alias.Contains('*', StringComparison.Ordinal) || target.Contains('*', StringComparison.Ordinal))
            {
                aliases.Note(ConversionFidelity.Manual, alias, "not carried over: an alias needs a name of its own and a name of model_list that it stands for");
                continue;
            }

            _aliases[alias] = target;
            if ((value as MappingNode).GetText("hidden") is not null)
            {
                aliases.Note(ConversionFidelity.Approximate, alias, "virtual models are always listed; `hidden` is not carried over");
            }
        }
    }

    /// <summary>Writes the models and virtual models.</summary>
    public (SequenceNode Models, SequenceNode? VirtualModels) Build()
    {
        var models = new List<ConfigNode>();
        var virtuals = new List<ConfigNode>();
        foreach (var (name, group) in _groups)
        {
            for (var i = 0; i < group.Count; i++)
            {
                var isInternal = !IsPlain(name);
                models.Add(Yaml.Map(
                    new (string, ConfigNode?)[] { ("name", Text(isInternal ? InternalName(name, i) : name)), ("visibility", isInternal ? Yaml.Text("internal") : null) }
                        .Concat(group[i].Model.Entries.Select(static e => (e.Key, (ConfigNode?)e.Value)))));
            }

            if (!IsPlain(name))
            {
                virtuals.Add(Virtual(name, name));
            }
        }

        virtuals.AddRange(_aliases.Select(alias => Virtual(alias.Key, alias.Value)));
        return (Yaml.List(models), virtuals.Count == 0 ? null : Yaml.List(virtuals));
    }

    private static ScalarNode Text(string text) => Yaml.Text(text.Replace("$", "$$", StringComparison.Ordinal));

    private static string InternalName(string group, int index) => $"litellm/{group}/{index + 1}";

    private static List<string>? Names(ConfigNode value) =>
        value is SequenceNode sequence && sequence.Items.All(static i => i is ScalarNode) ? [.. sequence.Items.Select(static i => ((ScalarNode)i).Text)] : null;

    private bool IsPlain(string name) => _groups[name].Count == 1 && (_groups[name][0].IsWildcard || Followers(name).Count == 0);

    private List<string> Followers(string name)
    {
        var names = _fallbacks.GetValueOrDefault(name) ?? _defaultFallbacks;
        return [.. names.Where(n => n != name && Targets(n).Count > 0)];
    }

    // Names of models that serve a name: its deployments, or a pattern that it falls under.
    private List<string> Targets(string name) =>
        _groups.TryGetValue(name, out var group)
            ? group.Count == 1 && IsPlainTarget(name) ? [name] : [.. group.Select((_, i) => InternalName(name, i))]
            : _groups.Keys.Any(pattern => pattern.Contains('*', StringComparison.Ordinal) && Falls(name, pattern)) ? [name] : [];

    // Whether the one deployment of a name keeps the name. Asked without following fallbacks of fallbacks, which may form a circle.
    private bool IsPlainTarget(string name) =>
        _groups[name][0].IsWildcard || !(_fallbacks.GetValueOrDefault(name) ?? _defaultFallbacks).Exists(n => n != name && (_groups.ContainsKey(n) || _groups.Keys.Any(p => Falls(n, p))));

    private static bool Falls(string name, string pattern) =>
        pattern == "*" || (pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern.StartsWith('*') && name.EndsWith(pattern[1..], StringComparison.Ordinal));

    private MappingNode Virtual(string name, string group)
    {
        var deployments = _groups[group];
        var followers = deployments[0].IsWildcard ? [] : Followers(group);
        var own = Targets(group);
        if (followers.Count == 0 && deployments.TrueForAll(static d => d.Order is null))
        {
            return Yaml.Map(("name", Text(name)), ("routing", Yaml.Map(("weighted", Yaml.Map(("targets", Yaml.List(own.Select((target, i) =>
                Yaml.Map(("model", Text(target)), ("weight", deployments[i].Weight is { } weight ? Yaml.Integer(Math.Min(weight, 1_000_000)) : null))))))))));
        }

        if (deployments.Exists(static d => d.Weight is not null))
        {
            var note = new ConversionNote(
                ConversionFidelity.Approximate, "model_list", $"weights of `{Reading.Quoting.Shorten(group)}` are not carried over: deployments with priorities share their requests evenly");
            if (!_notes.Contains(note))
            {
                _notes.Add(note);
            }
        }

        // LiteLLM: a lower order is tried first, and a deployment without one comes last.
        var orders = deployments.Select(static d => d.Order ?? int.MaxValue).Distinct().Order().ToList();
        var targets = own.Select((target, i) => (Model: target, Priority: orders.IndexOf(deployments[i].Order ?? int.MaxValue))).ToList();
        foreach (var follower in followers)
        {
            var priority = targets[^1].Priority;
            priority = Math.Max(priority, targets.Max(static t => t.Priority)) + 1;
            targets.AddRange(Targets(follower).Where(model => !targets.Exists(t => t.Model == model)).Select(model => (model, priority)));
        }

        return Yaml.Map(("name", Text(name)), ("routing", Yaml.Map(("failover", Yaml.Map(("targets", Yaml.List(targets.Select(static t =>
            Yaml.Map(("model", Text(t.Model)), ("priority", Yaml.Integer(t.Priority)))))))))));
    }

    /// <summary>Notes names in fallbacks that no model serves.</summary>
    public void CheckNames()
    {
        foreach (var (name, followers) in _fallbacks)
        {
            if (!_groups.TryGetValue(name, out var group))
            {
                _notes.Add(new ConversionNote(ConversionFidelity.Unsupported, "fallbacks", $"`{Reading.Quoting.Shorten(name)}` is no carried model_name; its fallbacks are not carried over"));
            }
            else if (group[0].IsWildcard)
            {
                _notes.Add(new ConversionNote(ConversionFidelity.Unsupported, "fallbacks", $"the pattern `{Reading.Quoting.Shorten(name)}` cannot have fallbacks here; they are not carried over"));
            }

            Check(followers);
        }

        Check(_defaultFallbacks);
    }

    private void Check(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (Targets(name).Count == 0)
            {
                _notes.Add(new ConversionNote(ConversionFidelity.Unsupported, "fallbacks", $"no carried model serves the fallback `{Reading.Quoting.Shorten(name)}`; it is left out"));
            }
        }
    }
}

using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Follows the local references of a document. Only whole components are referred to: <c>#/components/{schemas,parameters,requestBodies}/name</c>.</summary>
internal sealed class References(MappingNode document)
{
    private readonly Dictionary<string, Dictionary<string, ConfigNode>> _sections = new(StringComparer.Ordinal);

    /// <summary>The reference that a value is, or null.</summary>
    public static ScalarNode? Of(ConfigNode node) => node is MappingNode mapping ? mapping.Find("$ref") as ScalarNode : null;

    /// <summary>Follows references until a value is none.</summary>
    /// <param name="node">A value, or a reference to one.</param>
    /// <param name="section">Section of <c>components</c> that it must lead to.</param>
    /// <param name="path">Where the value stands.</param>
    /// <exception cref="OpenApiProblemException">The reference leads nowhere, elsewhere, or in a circle.</exception>
    public ConfigNode Follow(ConfigNode node, string section, ConfigPath path)
    {
        for (var hops = 0; Of(node) is { } reference; hops++)
        {
            if (hops == OpenApiLimits.ReferenceHops)
            {
                throw new OpenApiProblemException(path, reference.Position, $"the reference {reference.Shown} leads in a circle, or through more than {OpenApiLimits.ReferenceHops} others; refer to the value itself");
            }

            node = Resolve(reference, section, path, out _);
        }

        return node;
    }

    /// <summary>What one reference leads to.</summary>
    /// <exception cref="OpenApiProblemException">It leads nowhere, or elsewhere.</exception>
    public ConfigNode Resolve(ScalarNode reference, string section, ConfigPath path, out string name)
    {
        var start = $"#/components/{section}/";
        if (!reference.Text.StartsWith(start, StringComparison.Ordinal) || reference.Text.Length == start.Length || reference.Text.AsSpan(start.Length).Contains('/'))
        {
            throw new OpenApiProblemException(path, reference.Position, $"unsupported reference {reference.Shown}; only `{start}<name>` is followed here, so move the value there");
        }

        // JSON pointer in a URI fragment: percent-encoding, then ~1 and ~0.
        name = Uri.UnescapeDataString(reference.Text[start.Length..]).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        if (Section(section).TryGetValue(name, out var found))
        {
            return found;
        }

        throw new OpenApiProblemException(path, reference.Position, $"the reference {reference.Shown} leads nowhere; define the component or correct its name");
    }

    private Dictionary<string, ConfigNode> Section(string name)
    {
        if (!_sections.TryGetValue(name, out var section))
        {
            section = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
            if ((document.Find("components") as MappingNode)?.Find(name) is MappingNode components)
            {
                foreach (var entry in components.Entries)
                {
                    section.TryAdd(entry.Key, entry.Value);
                }
            }

            _sections.Add(name, section);
        }

        return section;
    }
}

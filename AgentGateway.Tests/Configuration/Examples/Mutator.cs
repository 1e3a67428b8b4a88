using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>Breaks a document in one place at a time.</summary>
internal static class Mutator
{
    // Below these keys any key or any JSON is welcome.
    private static readonly HashSet<string> FreeMaps = new(StringComparer.Ordinal)
    {
        "add", "set", "env", "headers", "attributes", "resources", "metadata", "context", "resourceMetadata", "defaults", "overrides", "claims", "transformation",
        "transformations", "finalTransformations", "modelAliases", "routes", "ports", "gateways", "addRequestHeaders", "inline", "additionalParams", "requestAttributes",
    };

    private static readonly HashSet<string> FreeJson = new(StringComparer.Ordinal) { "resourceMetadata", "metadata", "defaults", "overrides", "claims" };

    /// <summary>All mutations of a document: what was done, the path that a message must name, and the document as JSON.</summary>
    public static IEnumerable<Mutation> Mutate(ConfigNode root)
    {
        foreach (var (path, node) in Walk(root, NodePath.Root))
        {
            foreach (var (kind, named, replacement) in Replacements(path, node))
            {
                yield return new Mutation(kind, named.ToString(), JsonShape.ToJson(Replace(root, path.Steps, 0, replacement)).Json);
            }
        }

        if (root is MappingNode document && Find(document, "gateways") is MappingNode { Entries.Length: > 0 } gateways)
        {
            var again = new MappingNode(gateways.Position, [.. gateways.Entries, new MappingEntry("again", gateways.Position, gateways.Entries[0].Value)]);
            yield return new Mutation("duplicate port of a gateway", "gateways.again.port", JsonShape.ToJson(Replace(root, ["gateways"], 0, again)).Json);
        }

        if (root is MappingNode mapping && Find(mapping, "binds") is SequenceNode { Items.Length: > 0 } binds && binds.Items[0] is MappingNode bind && Find(bind, "port") is not null)
        {
            var doubled = new SequenceNode(binds.Position, [.. binds.Items, bind]);
            yield return new Mutation("duplicate port", $"binds[{binds.Items.Length}].port", JsonShape.ToJson(Replace(root, ["binds"], 0, doubled)).Json);
        }
    }

    private static IEnumerable<(string Kind, NodePath Named, ConfigNode Replacement)> Replacements(NodePath path, ConfigNode node)
    {
        var key = path.LastKey;
        switch (node)
        {
            case MappingNode mapping:
                if (!FreeMaps.Contains(key) || path.Steps is ["gateways", _])
                {
                    yield return ("unknown key", path.Key("bogusKey"), new MappingNode(mapping.Position, [.. mapping.Entries, new MappingEntry("bogusKey", mapping.Position, ScalarMutations.Text("x"))]));
                }

                if (path.Steps.Count > 0 && key != "metadata")
                {
                    yield return ("list for a mapping", path, new SequenceNode(mapping.Position, [ScalarMutations.Integer("1")]));
                    yield return ("number for a mapping", path, ScalarMutations.Integer("5"));
                }

                foreach (var (kind, replacement) in StructuralMutations.Of(path, mapping))
                {
                    yield return (kind, path, replacement);
                }

                break;
            case SequenceNode sequence:
                yield return ("number for a list", path, ScalarMutations.Integer("5"));
                yield return ("mapping for a list", path, new MappingNode(sequence.Position, [new MappingEntry("bogusKey", sequence.Position, ScalarMutations.Text("x"))]));
                break;
            case ScalarNode scalar:
                yield return ("list for a scalar", path, new SequenceNode(scalar.Position, [new SequenceNode(scalar.Position, [ScalarMutations.Integer("1")])]));
                yield return ("mapping for a scalar", path, new MappingNode(scalar.Position, [new MappingEntry("bogusKey", scalar.Position, ScalarMutations.Text("x"))]));
                foreach (var (kind, replacement) in ScalarMutations.Of(path, scalar))
                {
                    yield return (kind, path, replacement);
                }

                break;
        }
    }

    private static IEnumerable<(NodePath Path, ConfigNode Node)> Walk(ConfigNode node, NodePath path)
    {
        yield return (path, node);
        if (FreeJson.Contains(path.LastKey))
        {
            yield break;
        }

        var children = node switch
        {
            MappingNode mapping => mapping.Entries.Select(e => (Path: path.Key(e.Key), Node: e.Value)),
            SequenceNode sequence => sequence.Items.Select((item, i) => (Path: path.Index(i), Node: item)),
            _ => [],
        };
        foreach (var child in children)
        {
            foreach (var found in Walk(child.Node, child.Path))
            {
                yield return found;
            }
        }
    }

    private static ConfigNode Replace(ConfigNode node, IReadOnlyList<object> path, int depth, ConfigNode replacement)
    {
        if (depth == path.Count)
        {
            return replacement;
        }

        return node switch
        {
            MappingNode mapping => new MappingNode(
                mapping.Position,
                [.. mapping.Entries.Select(e => e.Key.Equals(path[depth]) ? e with { Value = Replace(e.Value, path, depth + 1, replacement) } : e)]),
            SequenceNode sequence => new SequenceNode(
                sequence.Position, [.. sequence.Items.Select((item, i) => i.Equals(path[depth]) ? Replace(item, path, depth + 1, replacement) : item)]),
            _ => throw new InvalidOperationException("a path that does not exist"),
        };
    }

    private static ConfigNode? Find(MappingNode mapping, string key) => mapping.IndexOf(key) is >= 0 and var index ? mapping.Entries[index].Value : null;
}

/// <summary>A broken document.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Path">Path that a message must name.</param>
/// <param name="Text">The document.</param>
internal sealed record Mutation(string Kind, string Path, string Text);

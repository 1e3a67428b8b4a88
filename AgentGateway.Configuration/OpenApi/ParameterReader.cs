using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Reads the parameters of an operation, together with those of its path.</summary>
internal sealed class ParameterReader(References references, OpenApiProblems problems)
{
    // Specification 2.10, and what belongs to the connection (RFC 9110 7.6.1).
    private static readonly FrozenSet<string> NeverHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        ["content-type", "content-length", "transfer-encoding", "host", "connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect"]);

    private static readonly MappingNode AnyText = new(SourcePosition.Start, [new MappingEntry("type", SourcePosition.Start, new ScalarNode(SourcePosition.Start, "string", ScalarKind.Text, false))]);

    /// <summary>Reads the parameters in the order of the document; the operation's replace those of the path.</summary>
    /// <exception cref="OpenApiProblemException">A parameter cannot be sent.</exception>
    public List<ReadParameter> Read(OperationPlace place, MappingNode item, MappingNode operation, ImmutableArray<OpenApiPathPart> path)
    {
        var found = new List<ReadParameter>();
        ReadList(place, item.Find("parameters"), found, ofPath: true);
        ReadList(place, operation.Find("parameters"), found, ofPath: false);
        foreach (var part in path)
        {
            if (part.IsParameter && !found.Exists(known => known.Parameter.Group == OpenApiGroup.Path && known.Parameter.Name == part.Text))
            {
                problems.Warning(place.Path, operation.Position, $"the path of {place.Name} has the parameter `{Quoting.Shorten(part.Text)}`, which is not declared; it is taken as a string");
                found.Add(new ReadParameter(new OpenApiParameter { Name = part.Text, Group = OpenApiGroup.Path, Required = true }, AnyText, null, place.Path));
            }
        }

        found.RemoveAll(known =>
        {
            var isUnused = known.Parameter.Group == OpenApiGroup.Path && !path.Contains(new OpenApiPathPart(known.Parameter.Name, true));
            if (isUnused)
            {
                problems.Warning(known.Path, known.Schema.Position, $"the path parameter `{Quoting.Shorten(known.Parameter.Name)}` is left out, because the path of {place.Name} does not have it");
            }

            return isUnused;
        });
        return found;
    }

    private void ReadList(OperationPlace place, ConfigNode? node, List<ReadParameter> found, bool ofPath)
    {
        var path = place.Path.Key("parameters");
        if (node is null or ScalarNode { Kind: ScalarKind.Null })
        {
            return;
        }

        if (node is not SequenceNode list)
        {
            throw new OpenApiProblemException(path, node.Position, $"expected a list of parameters, found {node.KindName}");
        }

        if (list.Items.Length > OpenApiLimits.Parameters)
        {
            throw new OpenApiProblemException(path, node.Position, $"{place.Name} has more than {OpenApiLimits.Parameters} parameters");
        }

        var own = new HashSet<(OpenApiGroup, string)>();
        for (var i = 0; i < list.Items.Length; i++)
        {
            if (ReadOne(place, list.Items[i], path.Index(i), ofPath) is not { } read)
            {
                continue;
            }

            var key = (read.Parameter.Group, Key(read.Parameter));
            if (!own.Add(key))
            {
                throw new OpenApiProblemException(path.Index(i), list.Items[i].Position, $"the parameter `{Quoting.Shorten(read.Parameter.Name)}` of {place.Name} is listed twice; keep one");
            }

            var known = found.FindIndex(other => (other.Parameter.Group, Key(other.Parameter)) == key);
            if (known < 0)
            {
                found.Add(read);
            }
            else
            {
                found[known] = read;
            }
        }
    }

    // Null when the parameter is left out.
    private ReadParameter? ReadOne(OperationPlace place, ConfigNode node, ConfigPath path, bool ofPath)
    {
        if (references.Follow(node, "parameters", path) is not MappingNode parameter)
        {
            throw new OpenApiProblemException(path, node.Position, $"expected a parameter, found {node.KindName}");
        }

        if (parameter.Find("name") is not ScalarNode { Text: { Length: > 0 } name })
        {
            throw new OpenApiProblemException(path, parameter.Position, $"a parameter of {place.Name} has no `name`");
        }

        var shown = Quoting.Shorten(name);
        switch ((parameter.Find("in") as ScalarNode)?.Text)
        {
            case "path":
                return ReadSchema(place, parameter, name, OpenApiGroup.Path, path);
            case "query":
                return ReadSchema(place, parameter, name, OpenApiGroup.Query, path);
            case "header" when NeverHeaders.Contains(name):
                problems.Warning(path, parameter.Position, $"the header parameter `{shown}` of {place.Name} is left out, because the gateway sets that header itself");
                return null;
            case "header":
                return name.AsSpan().ContainsAnyExcept(CharacterSets.Token)
                    ? throw new OpenApiProblemException(path, parameter.Position, $"`{shown}` is no name of a header")
                    : ReadSchema(place, parameter, name, OpenApiGroup.Header, path);
            case "cookie" when ofPath:
                problems.Warning(path, parameter.Position, $"the cookie parameter `{shown}` is left out of {place.Name}, because tools send no cookies");
                return null;
            case "cookie":
                throw new OpenApiProblemException(path, parameter.Position, $"the cookie parameter `{shown}` of {place.Name} is not supported; remove it, or have a policy set the header");
            default:
                throw new OpenApiProblemException(path, parameter.Position, $"the parameter `{shown}` of {place.Name} says no place; set `in` to path, query or header");
        }
    }

    private ReadParameter ReadSchema(OperationPlace place, MappingNode parameter, string name, OpenApiGroup group, ConfigPath path)
    {
        if (parameter.Has("content"))
        {
            throw new OpenApiProblemException(path.Key("content"), parameter.Position, $"the parameter `{Quoting.Shorten(name)}` of {place.Name} has `content`, which is not supported; describe it by `schema`");
        }

        if (parameter.Find("schema") is not { } schema)
        {
            throw new OpenApiProblemException(path, parameter.Position, $"the parameter `{Quoting.Shorten(name)}` of {place.Name} has no `schema`; add one such as `{{type: string}}`");
        }

        var resolved = references.Follow(schema, "schemas", path.Key("schema")) as MappingNode;
        var style = StyleOf(place, parameter, name, group, path);
        return new ReadParameter(
            new OpenApiParameter
            {
                Name = name,
                Group = group,
                Required = group == OpenApiGroup.Path || IsTrue(parameter.Find("required")),
                Style = style,
                Explode = parameter.Find("explode") is { } explode ? IsTrue(explode) : group == OpenApiGroup.Query && style is OpenApiStyle.Form or OpenApiStyle.DeepObject,
                IsObject = resolved is not null && ((resolved.Find("type") as ScalarNode)?.Text == "object" || resolved.Has("properties")),
            },
            schema,
            (parameter.Find("description") as ScalarNode)?.Text,
            path);
    }

    private OpenApiStyle StyleOf(OperationPlace place, MappingNode parameter, string name, OpenApiGroup group, ConfigPath path)
    {
        if (parameter.Find("style") is not ScalarNode style)
        {
            return OpenApiStyle.Form;
        }

        switch (style.Text)
        {
            case "form" when group == OpenApiGroup.Query:
            case "simple" when group is OpenApiGroup.Path or OpenApiGroup.Header:
                return OpenApiStyle.Form;
            case "spaceDelimited" when group == OpenApiGroup.Query:
                return OpenApiStyle.SpaceDelimited;
            case "pipeDelimited" when group == OpenApiGroup.Query:
                return OpenApiStyle.PipeDelimited;
            case "deepObject" when group == OpenApiGroup.Query:
                return OpenApiStyle.DeepObject;
            default:
                throw new OpenApiProblemException(
                    path.Key("style"), style.Position, $"the style {style.Shown} of the parameter `{Quoting.Shorten(name)}` of {place.Name} is not supported in this place; use {(group == OpenApiGroup.Query ? "form" : "simple")}");
        }
    }

    private static string Key(OpenApiParameter parameter) => parameter.Group == OpenApiGroup.Header ? parameter.Name.ToUpperInvariant() : parameter.Name;

    private static bool IsTrue(ConfigNode? node) => node is ScalarNode { Kind: ScalarKind.Boolean, Text: ['t' or 'T', ..] };
}

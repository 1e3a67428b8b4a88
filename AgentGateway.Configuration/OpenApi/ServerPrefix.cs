using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Reads <c>servers</c>: of the one server that a document may name the path counts, its host comes from the configuration.</summary>
internal static class ServerPrefix
{
    /// <summary>Path of the server without a slash at its end, escaped; empty when it has none.</summary>
    public static string Read(MappingNode document, OpenApiProblems problems)
    {
        var path = ConfigPath.Root.Key("servers");
        switch (document.Find("servers"))
        {
            case null or ScalarNode { Kind: ScalarKind.Null } or SequenceNode { Items.Length: 0 }:
                return "";
            case SequenceNode { Items.Length: > 1 } several:
                problems.Error(path, several.Position, $"the document names {several.Items.Length} servers; keep one, whose path is put before the paths of all operations");
                return "";
            case SequenceNode { Items: [MappingNode server] }:
                return PathOf(server, path.Index(0), problems);
            case var other:
                problems.Error(path, other.Position, "expected a list with one server; write `servers: [{url: /base}]`");
                return "";
        }
    }

    private static string PathOf(MappingNode server, ConfigPath path, OpenApiProblems problems)
    {
        if (server.Find("url") is not ScalarNode node)
        {
            problems.Error(path, server.Position, "the server has no `url`");
            return "";
        }

        var url = WithVariables(node.Text, server.Find("variables") as MappingNode);
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var start = scheme >= 0 ? url.IndexOf('/', scheme + 3) : url.StartsWith("//", StringComparison.Ordinal) ? url.IndexOf('/', 2) : 0;
        var text = start < 0 ? "" : url[start..];
        if (text.AsSpan().IndexOfAny("?#{}") >= 0)
        {
            problems.Error(path.Key("url"), node.Position, $"the URL {node.Shown} has a query, a fragment, or a variable without default; keep scheme, host and path");
            return "";
        }

        text = text.Trim('/');
        if (Array.Exists(text.Split('/'), static part => part is "." or ".."))
        {
            problems.Error(path.Key("url"), node.Position, $"the path of the URL {node.Shown} has parts `.` or `..`; write where it leads");
            return "";
        }

        return text.Length == 0 ? "" : "/" + PathTemplate.Escape(text);
    }

    private static string WithVariables(string url, MappingNode? variables)
    {
        if (variables is not null)
        {
            foreach (var variable in variables.Entries)
            {
                // Bounded, because each default may stand for many occurrences; what is longer is no path (and keeps its braces).
                if (url.Length <= OpenApiLimits.PathCharacters && (variable.Value as MappingNode)?.Find("default") is ScalarNode { Text.Length: <= 256 } value)
                {
                    url = url.Replace($"{{{variable.Key}}}", value.Text, StringComparison.Ordinal);
                }
            }
        }

        return url;
    }
}

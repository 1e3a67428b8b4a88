using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>Converts <c>mcp_servers</c> into targets of the <c>mcp</c> section.</summary>
internal static class McpServers
{
    public static MappingNode? Read(SourceMap root, List<ConversionNote> notes)
    {
        if (root.Map("mcp_servers") is not { } servers)
        {
            return null;
        }

        var targets = new List<ConfigNode>();
        foreach (var (name, value) in servers.Entries())
        {
            if (value is not MappingNode mapping)
            {
                servers.Note(ConversionFidelity.Unsupported, name, "a mapping was expected; not carried over");
                continue;
            }

            var server = new SourceMap(mapping, servers.PathOf(name), notes);
            if (Target(server, name, servers) is { } target)
            {
                targets.Add(target);
            }
        }

        return targets.Count == 0 ? null : Yaml.Map(("port", Yaml.Integer(3000)), ("targets", Yaml.List(targets)));
    }

    private static MappingNode? Target(SourceMap server, string name, SourceMap servers)
    {
        var allowed = string.Concat(name.Select(static c => CharacterSets.TargetName.Contains(c) ? c : '-'));
        if (allowed != name)
        {
            servers.Note(ConversionFidelity.Approximate, name, $"the target is called `{allowed}`: only letters, digits, `-` and `.` are allowed");
        }

        var url = server.Text("url");
        var command = server.Text("command");
        var transport = server.Raw("transport");
        MappingNode? target = null;
        if (command is not null)
        {
            target = Yaml.Map(("name", Yaml.Text(allowed)), ("stdio", Yaml.Map(
                ("cmd", Yaml.Text(command)), ("args", server.Take("args") is { } args ? SourceMap.CarryTexts(args) : null), ("env", server.Take("env") is { } env ? SourceMap.CarryTexts(env) : null))));
        }
        else if (url is not null)
        {
            target = Yaml.Map(("name", Yaml.Text(allowed)), (transport == "sse" ? "sse" : "mcp", Yaml.Map(("host", Yaml.Text(url)))), ("policies", Auth(server)));
        }
        else
        {
            servers.Note(ConversionFidelity.Unsupported, name, "a server needs `url` or `command`; not carried over");
        }

        server.Finish(static key => key switch
        {
            "auth_type" or "auth_value" or "authentication_token" or "static_headers" or "extra_headers" => "set `backendAuth` in the policies of the target",
            "allowed_tools" or "disallowed_tools" => "set `mcpAuthorization` with rules over `mcp.tool.name`",
            "spec_version" or "description" or "mcp_info" or "alias" => "facts about a server are not kept in the configuration",
            _ => null,
        });
        return target;
    }

    // A fixed credential; kinds that ask an authorization server are noted with the keys that nothing asked for.
    private static MappingNode? Auth(SourceMap server)
    {
        var key = server.Peek("auth_type") switch
        {
            "bearer_token" => Credential(server, null, null),
            "api_key" => Credential(server, "X-API-Key", ""),
            "authorization" => Credential(server, "Authorization", ""),
            _ => null,
        };
        return key is null ? null : Yaml.Map(("backendAuth", Yaml.Map(("key", key))));
    }

    private static ConfigNode? Credential(SourceMap server, string? header, string? prefix)
    {
        if (server.Peek("auth_value") is null && server.Peek("authentication_token") is null)
        {
            return null;
        }

        server.Take("auth_type");
        var value = Yaml.Text(server.Text("auth_value") ?? server.Text("authentication_token") ?? "");
        return header is null ? value : Yaml.Map(
            ("value", value), ("location", Yaml.Map(("header", Yaml.Map(("name", Yaml.Text(header)), ("prefix", Yaml.Text(prefix ?? "")))))));
    }
}

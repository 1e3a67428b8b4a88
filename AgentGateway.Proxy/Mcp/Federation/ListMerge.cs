using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>The items of a list that several targets answered, page by page, in the order of the targets (specification 2.6).</summary>
/// <param name="method">Method of the list request.</param>
/// <param name="targets">Number of targets.</param>
internal sealed class ListMerge(string method, int targets)
{
    private readonly List<Item>[] _items = Array.ConvertAll(new int[targets], static _ => new List<Item>());
    private long _bytes;

    /// <summary>True for lists of tools and prompts, whose names need not carry their target's.</summary>
    public bool HasPlainNames => method is McpMethods.ToolsList or McpMethods.PromptsList;

    private string Member => method switch
    {
        McpMethods.ToolsList => "tools",
        McpMethods.PromptsList => "prompts",
        McpMethods.ResourcesList => "resources",
        McpMethods.ResourceTemplatesList => "resourceTemplates",
        _ => "tasks",
    };

    private string Key => method switch
    {
        McpMethods.ToolsList or McpMethods.PromptsList => "name",
        McpMethods.ResourcesList => "uri",
        McpMethods.ResourceTemplatesList => "uriTemplate",
        _ => "taskId",
    };

    /// <summary>Takes one page and returns the cursor of the next as JSON text, empty when there is none.</summary>
    /// <param name="position">The target's place.</param>
    /// <param name="page">The answer, with what the client may see and the names that it sees.</param>
    /// <exception cref="McpUpstreamException">The lists are larger than the bound.</exception>
    public ReadOnlyMemory<byte> Take(int position, JsonRpcMessage page)
    {
        var result = page.Result.Of(page.Json);
        var items = _items[position];
        var known = items.Count == 0 ? null : items.Select(static item => item.Name).ToHashSet(StringComparer.Ordinal);
        var list = ResultText.Member(result.Span, System.Text.Encoding.UTF8.GetBytes(Member));
        if (list.IsPresent)
        {
            Read(list.Of(result), items, known);
        }

        var cursor = ResultText.Member(result.Span, "nextCursor"u8);
        return cursor.IsPresent && result.Span[cursor.Start] == (byte)'"' && cursor.Length > 2 ? cursor.Of(result).ToArray() : default;
    }

    /// <summary>Leaves out what several targets serve under one name, and returns those names.</summary>
    public IReadOnlyCollection<string> DropShared()
    {
        var owners = new Dictionary<string, int>(StringComparer.Ordinal);
        var shared = new HashSet<string>(StringComparer.Ordinal);
        for (var position = 0; position < _items.Length; position++)
        {
            foreach (var item in _items[position])
            {
                if (item.Name.Length > 0 && !owners.TryAdd(item.Name, position) && owners[item.Name] != position)
                {
                    shared.Add(item.Name);
                }
            }
        }

        if (shared.Count > 0)
        {
            foreach (var items in _items)
            {
                items.RemoveAll(item => shared.Contains(item.Name));
            }
        }

        return shared;
    }

    /// <summary>Places of the targets that serve a name.</summary>
    public List<int> OwnersOf(string name)
    {
        var owners = new List<int>();
        for (var position = 0; position < _items.Length; position++)
        {
            if (_items[position].Exists(item => string.Equals(item.Name, name, StringComparison.Ordinal)))
            {
                owners.Add(position);
            }
        }

        return owners;
    }

    /// <summary>Writes the answer with all items and no cursor.</summary>
    /// <param name="id">Identifier of the client's request.</param>
    /// <param name="isModern">True adds what results have since revision 2026-07-28.</param>
    public byte[] Answer(ReadOnlyMemory<byte> id, bool isModern)
    {
        using var json = new MemoryStream((int)Math.Min(_bytes + 256, int.MaxValue));
        json.Write("""{"jsonrpc":"2.0","id":"""u8);
        json.Write(id.Span);
        json.Write(""","result":{"""u8);
        if (isModern)
        {
            json.Write(method == McpMethods.TasksList ? "\"resultType\":\"complete\","u8 : "\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\","u8);
        }

        json.Write(System.Text.Encoding.UTF8.GetBytes($"\"{Member}\":["));
        var isFirst = true;
        foreach (var items in _items)
        {
            foreach (var item in items)
            {
                if (!isFirst)
                {
                    json.WriteByte((byte)',');
                }

                isFirst = false;
                json.Write(item.Json.Span);
            }
        }

        json.Write("]}}"u8);
        return json.ToArray();
    }

    private void Read(ReadOnlyMemory<byte> list, List<Item> items, HashSet<string>? known)
    {
        var reader = new Utf8JsonReader(list.Span, new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        var key = System.Text.Encoding.UTF8.GetBytes(Key);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var json = list[start..(int)reader.BytesConsumed];
            var name = ResultText.Text(json.Span, key) ?? "";

            // A server can begin anew at a cursor; what is there already is not listed twice.
            if (name.Length > 0 && known is not null && known.Contains(name))
            {
                continue;
            }

            if ((_bytes += json.Length) > McpLimits.UpstreamMessageBytes)
            {
                throw new McpUpstreamException($"failed to send message: the lists of all targets have more than {McpLimits.UpstreamMessageBytes} bytes");
            }

            items.Add(new Item(name, json.ToArray()));
        }
    }

    private readonly record struct Item(string Name, ReadOnlyMemory<byte> Json);
}

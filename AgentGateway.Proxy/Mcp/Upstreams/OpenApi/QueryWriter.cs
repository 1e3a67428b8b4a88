using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.OpenApi;

namespace AgentGateway.Proxy.Mcp.Upstreams.OpenApi;

/// <summary>Writes query parameters behind a path (OpenAPI 3.0, "style values"). Names and values are escaped.</summary>
internal sealed class QueryWriter(StringBuilder target)
{
    private bool _hasQuery;

    public int Length => target.Length;

    /// <summary>Adds a parameter: a list by its style, null as the bare name, an object by its style when it was declared as one, else as JSON.</summary>
    public void Add(OpenApiParameter parameter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                Name(parameter.Name);
                break;
            case JsonValueKind.Array:
                AddList(parameter, value);
                break;
            case JsonValueKind.Object when parameter.Style == OpenApiStyle.DeepObject:
                foreach (var member in value.EnumerateObject())
                {
                    Pair($"{parameter.Name}[{member.Name}]", RestArguments.Text(member.Value));
                }

                break;
            case JsonValueKind.Object when parameter is { Style: OpenApiStyle.Form, Explode: true, IsObject: true }:
                foreach (var member in value.EnumerateObject())
                {
                    Pair(member.Name, RestArguments.Text(member.Value));
                }

                break;
            default:
                Pair(parameter.Name, RestArguments.Text(value));
                break;
        }
    }

    private void AddList(OpenApiParameter parameter, JsonElement list)
    {
        if (parameter.Explode || parameter.Style == OpenApiStyle.DeepObject)
        {
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Null)
                {
                    Name(parameter.Name);
                }
                else
                {
                    Pair(parameter.Name, RestArguments.Text(item));
                }
            }

            return;
        }

        Name(parameter.Name);
        target.Append('=');
        var separator = "";
        foreach (var item in list.EnumerateArray())
        {
            target.Append(separator).Append(Uri.EscapeDataString(RestArguments.Text(item)));
            separator = parameter.Style switch
            {
                OpenApiStyle.SpaceDelimited => "%20",
                OpenApiStyle.PipeDelimited => "%7C",
                _ => ",",
            };
        }
    }

    private void Name(string name)
    {
        target.Append(_hasQuery ? '&' : '?').Append(Uri.EscapeDataString(name));
        _hasQuery = true;
    }

    private void Pair(string name, string value)
    {
        Name(name);
        target.Append('=').Append(Uri.EscapeDataString(value));
    }
}

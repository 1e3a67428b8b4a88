using System.Globalization;
using System.Text;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>
/// Keys for the state of what has no name: what it matches stands for it, and among equal ones their order. They are the same in every process
/// that reads the same document.
/// </summary>
internal sealed class StateKeys
{
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    /// <summary>The key itself for the first that asks for it, a numbered one for others.</summary>
    public string Of(string key)
    {
        if (_used.TryAdd(key, 1))
        {
            return key;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{key}#{_used[key]++}");
    }

    /// <summary>What a listener accepts.</summary>
    public static string Of(Listener listener) => $"~{listener.Protocol}:{listener.Hostname}";

    /// <summary>What a TCP route matches.</summary>
    public static string Of(TcpRoute route) => $"~{string.Join(',', route.Hostnames)}";

    /// <summary>What a route matches.</summary>
    public static string Of(Route route)
    {
        var text = new StringBuilder("~").AppendJoin(',', route.Hostnames);
        foreach (var match in route.Matches)
        {
            text.Append('|').Append(match.Path.Kind).Append(' ').Append(match.Path.Value);
            if (match.Method is { } method)
            {
                text.Append(" m ").Append(method);
            }

            foreach (var header in match.Headers)
            {
                Append(text, 'h', header.Name, header.Value);
            }

            foreach (var query in match.Query)
            {
                Append(text, 'q', query.Name, query.Value);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, char kind, string name, ValueMatchSnapshot value) =>
        text.Append(' ').Append(kind).Append(' ').Append(name).Append(value.Kind == ValueMatchKind.Exact ? '=' : '~').Append(value.Value);
}

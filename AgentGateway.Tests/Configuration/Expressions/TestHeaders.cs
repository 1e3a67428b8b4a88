using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Tests.Configuration.Expressions;

/// <summary>Headers from pairs; a name given twice is a repeated header.</summary>
internal sealed class TestHeaders(params (string Name, string Value)[] pairs) : HeaderView
{
    private readonly List<(string Name, List<string> Values)> _headers = Group(pairs);

    public override int Count => _headers.Count;

    public override HeaderValues Find(string name)
    {
        foreach (var header in _headers)
        {
            if (string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))
                return new HeaderValues(header.Values);
        }

        return default;
    }

    public override bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values)
    {
        (name, values) = ("", default);
        if (cursor >= _headers.Count)
            return false;
        (name, values) = (_headers[cursor].Name, new HeaderValues(_headers[cursor].Values));
        cursor++;
        return true;
    }

    private static List<(string Name, List<string> Values)> Group((string Name, string Value)[] pairs)
    {
        var headers = new List<(string Name, List<string> Values)>();
        foreach (var (name, value) in pairs)
        {
            var known = headers.FirstOrDefault(h => h.Name == name);
            if (known.Values is null)
                headers.Add(known = (name, []));
            known.Values.Add(value);
        }

        return headers;
    }
}

using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.HeaderModifiers;

/// <summary>
/// Header changes, ready to apply: add, then set, then remove. Names and values were validated when the configuration was read. What frames the
/// body is not for edits to say: a length or coding that disagrees with the body would let one message be read as two.
/// </summary>
internal sealed class HeaderEdits
{
    private readonly (string Name, string Value)[] _add;
    private readonly (string Name, StringValues Value)[] _set;
    private readonly string[] _remove;

    public HeaderEdits(HeaderModifier settings)
    {
        _add = [.. settings.Add.Where(header => IsOrdinary(header.Key)).Select(header => (header.Key, header.Value))];
        _set = [.. settings.Set.Where(header => IsOrdinary(header.Key)).Select(header => (header.Key, new StringValues(header.Value)))];
        _remove = [.. settings.Remove];
        foreach (var (name, value) in settings.Add.Concat(settings.Set))
        {
            Authority = IsAuthority(name) ? value : Authority;
        }
    }

    /// <summary>Authority that the request gets (header <c>host</c> or <c>:authority</c>), or null.</summary>
    public string? Authority { get; }

    public void ApplyTo(IHeaderDictionary headers)
    {
        foreach (var (name, value) in _add)
        {
            headers[name] = StringValues.Concat(headers[name], value);
        }

        foreach (var (name, value) in _set)
        {
            headers[name] = value;
        }

        foreach (var name in _remove)
        {
            headers.Remove(name);
        }
    }

    private static bool IsOrdinary(string name) => !IsAuthority(name) && !HopByHop.IsFraming(name);

    private static bool IsAuthority(string name) => name == ":authority" || name.Equals("host", StringComparison.OrdinalIgnoreCase);
}

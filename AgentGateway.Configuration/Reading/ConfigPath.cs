using System.Globalization;
using System.Text;

namespace AgentGateway.Configuration.Reading;

/// <summary>JSON path of a value, kept as a chain so that it costs next to nothing until it is shown.</summary>
internal sealed class ConfigPath
{
    private readonly ConfigPath? _parent;
    private readonly string? _key;
    private readonly int _index;

    private ConfigPath(ConfigPath? parent, string? key, int index)
    {
        _parent = parent;
        _key = key;
        _index = index;
    }

    /// <summary>The innermost key of the path; null when it has none.</summary>
    public string? LastKey => _key ?? _parent?.LastKey;

    public static ConfigPath Root { get; } = new(null, null, 0);

    public ConfigPath Key(string key) => new(this, key, 0);

    public ConfigPath Index(int index) => new(this, null, index);

    public override string ToString()
    {
        var builder = new StringBuilder();
        Append(builder);
        return builder.ToString();
    }

    private void Append(StringBuilder builder)
    {
        if (_parent is null)
        {
            return;
        }

        _parent.Append(builder);
        if (_key is null)
        {
            builder.Append('[').Append(_index.ToString(CultureInfo.InvariantCulture)).Append(']');
            return;
        }

        if (builder.Length > 0)
        {
            builder.Append('.');
        }

        builder.Append(Quoting.Shorten(_key));
    }
}

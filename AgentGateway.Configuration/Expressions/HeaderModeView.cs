using AgentGateway.Cel;

namespace AgentGateway.Configuration.Expressions;

/// <summary>A header view in another mode. Of several modes the last wins; once redacted, a view stays so.</summary>
internal sealed class HeaderModeView : HeaderView
{
    private readonly HeaderView _inner;
    private readonly HeaderMode? _mode;
    private readonly bool _redacted;

    public HeaderModeView(HeaderView inner, HeaderMode? mode, bool redacted)
    {
        if (inner is HeaderModeView view)
        {
            _inner = view._inner;
            _mode = mode ?? view._mode;
            _redacted = redacted || view._redacted;
        }
        else
        {
            _inner = inner;
            _mode = mode;
            _redacted = redacted;
        }
    }

    public override int Count => _inner.Count;

    public override HeaderValues Find(string name) => _inner.Find(name);

    public override bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values) => _inner.MoveNextHeader(ref cursor, out name, out values);

    public override bool IsSensitive(string name) => _inner.IsSensitive(name);

    internal override bool Redacts(string name) => _redacted && IsSensitive(name);

    public override CelValue Get(CelName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Present(name.Text, Find(name.Text));
    }

    private protected override CelValue Present(string name, HeaderValues values)
    {
        if (values.Count == 0)
            return default;
        if (Redacts(name))
            values = new HeaderValues(CelRedacted.Mask);
        switch (_mode)
        {
            case HeaderMode.Joined:
                return CelValue.FromString(values.Count == 1 ? values[0] : string.Join(',', values.ToList()));
            case HeaderMode.Raw:
                return CelValue.FromStrings(values.ToList());
            case HeaderMode.Split:
                var parts = new List<string>();
                for (var i = 0; i < values.Count; i++)
                    parts.AddRange(values[i].Split(',', StringSplitOptions.TrimEntries));
                return CelValue.FromStrings(parts);
            default:
                return base.Present(name, values);
        }
    }
}

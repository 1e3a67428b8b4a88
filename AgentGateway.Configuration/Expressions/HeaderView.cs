using AgentGateway.Cel;

namespace AgentGateway.Configuration.Expressions;

/// <summary>
/// Headers as expressions see them: <c>headers["x"]</c> and <c>headers.x</c> give a string, or a list when the header is repeated; names are case-insensitive.
/// A host derives from this over its own header collection.
/// </summary>
public abstract class HeaderView : CelMap
{
    /// <summary>The values of a header.</summary>
    /// <param name="name">Its name in any case.</param>
    public abstract HeaderValues Find(string name);

    /// <summary>Steps through the headers, each name once.</summary>
    /// <param name="cursor">Zero before the first step; the view's own afterwards.</param>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="values">Its values.</param>
    /// <returns>False when there are no more headers.</returns>
    public abstract bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values);

    /// <summary>True for a header that <c>redacted()</c> masks.</summary>
    /// <param name="name">Its name in any case.</param>
    public virtual bool IsSensitive(string name) =>
        string.Equals(name, "authorization", StringComparison.OrdinalIgnoreCase) || string.Equals(name, "proxy-authorization", StringComparison.OrdinalIgnoreCase);

    internal virtual bool Redacts(string name) => false;

    /// <inheritdoc/>
    public override CelValue Get(CelName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var values = Find(name.Text);
        return values.Single is { } single ? CelValue.FromString(single) : Present(name.Text, values);
    }

    /// <inheritdoc/>
    public sealed override CelValue Get(in CelValue key)
    {
        if (key.Kind != CelKind.String)
            return default;
        var name = key.AsString();
        return Present(name, Find(name));
    }

    /// <inheritdoc/>
    public sealed override bool MoveNext(ref int cursor, out CelValue key, out CelValue value)
    {
        if (!MoveNextHeader(ref cursor, out var name, out var values))
        {
            key = default;
            value = default;
            return false;
        }

        key = CelValue.FromString(name);
        value = Present(name, values);
        return true;
    }

    /// <summary>How the values of a header are shown.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Its values.</param>
    private protected virtual CelValue Present(string name, HeaderValues values) => values.Count switch
    {
        0 => default,
        1 => CelValue.FromString(values[0]),
        _ => CelValue.FromStrings(values.ToList()),
    };
}

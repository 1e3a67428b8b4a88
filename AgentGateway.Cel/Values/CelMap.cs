namespace AgentGateway.Cel;

/// <summary>A map provided by the host or built by an expression. Immutable while an expression can see it.</summary>
public abstract class CelMap() : CelReference(CelKind.Map)
{
    /// <summary>Number of entries.</summary>
    public abstract int Count { get; }

    /// <summary>Looks a key up; <see cref="CelKind.Absent"/> when there is none.</summary>
    /// <param name="key">A value of any kind; numbers match across int, uint and double.</param>
    public abstract CelValue Get(in CelValue key);

    /// <summary>Looks up a name fixed at compile time; <see cref="CelKind.Absent"/> when there is none.</summary>
    /// <param name="name">The name in both encodings.</param>
    public virtual CelValue Get(CelName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Get(CelValue.FromString(name.Text));
    }

    /// <summary>Steps through the entries.</summary>
    /// <param name="cursor">Zero before the first step; the map's own afterwards.</param>
    /// <param name="key">The key of the entry.</param>
    /// <param name="value">The value of the entry.</param>
    /// <returns>False when there are no more entries.</returns>
    public abstract bool MoveNext(ref int cursor, out CelValue key, out CelValue value);
}

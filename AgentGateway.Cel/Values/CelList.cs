namespace AgentGateway.Cel;

/// <summary>A list provided by the host or built by an expression. Immutable while an expression can see it.</summary>
public abstract class CelList() : CelReference(CelKind.List)
{
    /// <summary>Number of elements.</summary>
    public abstract int Count { get; }

    /// <summary>The element at a place; called only with <c>0 &lt;= index &lt; Count</c>.</summary>
    /// <param name="index">Zero-based place.</param>
    public abstract CelValue this[int index] { get; }
}

namespace AgentGateway.Cel;

/// <summary>
/// What a <see cref="CelValue"/> may refer to, besides strings. The kind of a value stands here and not in the value, which so has the two words
/// that calls return in registers: copies of a third one through memory cost more than all else in a member read.
/// </summary>
public abstract class CelReference
{
    private protected CelReference(CelKind kind) => ValueKind = kind;

    /// <summary>The kind of the values that refer to this.</summary>
    internal CelKind ValueKind { get; }
}

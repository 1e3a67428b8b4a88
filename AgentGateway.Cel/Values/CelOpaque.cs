namespace AgentGateway.Cel;

/// <summary>A value only functions registered by its owner understand. Immutable.</summary>
public abstract class CelOpaque() : CelReference(CelKind.Opaque)
{
    /// <summary>The CEL type, as <c>type(x)</c> reports it.</summary>
    public abstract CelType Type { get; }

    /// <summary>Equality in the sense of CEL's <c>==</c>.</summary>
    /// <param name="other">Another opaque value, possibly of another type.</param>
    public abstract bool EqualTo(CelOpaque other);

    /// <summary>Text for <c>string(x)</c>, JSON and attributes. A secret returns its mask here.</summary>
    public abstract string ToText();
}

namespace AgentGateway.Cel;

/// <summary>A declared root variable.</summary>
public sealed class CelVariable
{
    internal CelVariable(string name, int slot, CelType type, string description)
    {
        Name = name;
        Slot = slot;
        Type = type;
        Description = description;
        Undeclared = CelValue.FromError(CelErrorCode.UndeclaredReference, $"undeclared reference to '{name}'");
    }

    /// <summary>Its name in expressions; may be dotted.</summary>
    public string Name { get; }

    /// <summary>The number the host's activation is asked with.</summary>
    public int Slot { get; }

    /// <summary>Its type.</summary>
    public CelType Type { get; }

    /// <summary>One sentence for the documentation.</summary>
    public string Description { get; }

    /// <summary>The result when the activation has no value for it.</summary>
    internal CelValue Undeclared { get; }
}

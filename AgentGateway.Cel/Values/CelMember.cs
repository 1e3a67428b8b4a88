namespace AgentGateway.Cel;

/// <summary>A declared member of a <see cref="CelObjectType"/>.</summary>
public sealed class CelMember
{
    internal CelMember(int id, string name, CelType type, string description)
    {
        Id = id;
        Name = name;
        Type = type;
        Description = description;
        NameValue = CelValue.FromString(name);
    }

    /// <summary>Its number in the type.</summary>
    public int Id { get; }

    /// <summary>Its name in expressions, in the documented spelling.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public CelType Type { get; }

    /// <summary>One sentence for the documentation.</summary>
    public string Description { get; }

    internal CelValue NameValue { get; }
}

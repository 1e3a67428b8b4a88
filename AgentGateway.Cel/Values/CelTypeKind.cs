namespace AgentGateway.Cel;

/// <summary>The sort of a <see cref="CelType"/>.</summary>
public enum CelTypeKind
{
    /// <summary>Any type.</summary>
    Dyn,

    /// <summary>An expression that failed to check.</summary>
    Error,

    /// <summary>Null.</summary>
    Null,

    /// <summary>Bool.</summary>
    Bool,

    /// <summary>Signed integer.</summary>
    Int,

    /// <summary>Unsigned integer.</summary>
    Uint,

    /// <summary>Double.</summary>
    Double,

    /// <summary>String.</summary>
    String,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>List, with its element type.</summary>
    List,

    /// <summary>Map, with key and value type.</summary>
    Map,

    /// <summary>Timestamp.</summary>
    Timestamp,

    /// <summary>Duration.</summary>
    Duration,

    /// <summary>A type as a value.</summary>
    Type,

    /// <summary>A nullable scalar.</summary>
    Wrapper,

    /// <summary>A host object with declared members.</summary>
    Object,

    /// <summary>An opaque type, including optionals.</summary>
    Opaque,

    /// <summary>A type variable.</summary>
    Parameter,
}

namespace AgentGateway.Cel;

/// <summary>What a <see cref="CelValue"/> holds.</summary>
public enum CelKind : byte
{
    /// <summary>Nothing at all: the member or variable is not there. Selecting it is a no-such-key error, <c>has()</c> is false. Never the result of an evaluation.</summary>
    Absent = 0,

    /// <summary>The CEL value <c>null</c>.</summary>
    Null,

    /// <summary>A truth value.</summary>
    Bool,

    /// <summary>A signed 64-bit integer.</summary>
    Int,

    /// <summary>An unsigned 64-bit integer.</summary>
    Uint,

    /// <summary>An IEEE 754 double.</summary>
    Double,

    /// <summary>Text; counted and compared by Unicode code point.</summary>
    String,

    /// <summary>A byte sequence.</summary>
    Bytes,

    /// <summary>An ordered list.</summary>
    List,

    /// <summary>A map, including host objects (<see cref="CelObject"/>) and JSON objects.</summary>
    Map,

    /// <summary>A point in time with nanoseconds, years 1 to 9999.</summary>
    Timestamp,

    /// <summary>A span of time with nanoseconds.</summary>
    Duration,

    /// <summary>A type, such as the result of <c>type(x)</c>.</summary>
    Type,

    /// <summary>An optional: present with a value, or none.</summary>
    Optional,

    /// <summary>A value of a type only its functions understand (<see cref="CelOpaque"/>): an IP address, a redacted secret.</summary>
    Opaque,

    /// <summary>The marker left by <c>flatten</c> and <c>flattenRecursive</c>: expanded into several attributes by <see cref="CelFlattening"/>, an error anywhere else.</summary>
    Flattened,

    /// <summary>An evaluation error with code and message.</summary>
    Error,
}

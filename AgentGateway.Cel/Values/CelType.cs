using System.Collections.Immutable;

namespace AgentGateway.Cel;

/// <summary>A type of the checker. Immutable.</summary>
public sealed class CelType : CelReference, IEquatable<CelType>
{
    private CelType(CelTypeKind kind, string name, ImmutableArray<CelType> parameters = default, CelObjectType? objectType = null)
        : base(CelKind.Type)
    {
        Kind = kind;
        Name = name;
        Parameters = parameters.IsDefault ? [] : parameters;
        ObjectType = objectType;
        HasTypeParameters = kind == CelTypeKind.Parameter || Parameters.Any(static p => p.HasTypeParameters);
    }

    /// <summary>Any type, checked when evaluated.</summary>
    public static CelType Dyn { get; } = new(CelTypeKind.Dyn, "dyn");

    /// <summary>The result of an expression that failed to check.</summary>
    internal static CelType Error { get; } = new(CelTypeKind.Error, "!error!");

    /// <summary>The type of <c>null</c>.</summary>
    public static CelType Null { get; } = new(CelTypeKind.Null, "null_type");

    /// <summary>Truth values.</summary>
    public static CelType Bool { get; } = new(CelTypeKind.Bool, "bool");

    /// <summary>Signed 64-bit integers.</summary>
    public static CelType Int { get; } = new(CelTypeKind.Int, "int");

    /// <summary>Unsigned 64-bit integers.</summary>
    public static CelType Uint { get; } = new(CelTypeKind.Uint, "uint");

    /// <summary>IEEE 754 doubles.</summary>
    public static CelType Double { get; } = new(CelTypeKind.Double, "double");

    /// <summary>Text.</summary>
    public static CelType String { get; } = new(CelTypeKind.String, "string");

    /// <summary>Byte sequences.</summary>
    public static CelType Bytes { get; } = new(CelTypeKind.Bytes, "bytes");

    /// <summary>Points in time.</summary>
    public static CelType Timestamp { get; } = new(CelTypeKind.Timestamp, "google.protobuf.Timestamp");

    /// <summary>Spans of time.</summary>
    public static CelType Duration { get; } = new(CelTypeKind.Duration, "google.protobuf.Duration");

    /// <summary>Lists of anything.</summary>
    public static CelType AnyList { get; } = List(Dyn);

    /// <summary>Maps of anything.</summary>
    public static CelType AnyMap { get; } = Map(Dyn, Dyn);

    /// <summary>Types as values, of any type.</summary>
    public static CelType AnyType { get; } = new(CelTypeKind.Type, "type");

    /// <summary>What sort of type this is.</summary>
    public CelTypeKind Kind { get; }

    /// <summary>The name of the type as <c>type(x)</c> prints it, without parameters.</summary>
    public string Name { get; }

    /// <summary>Element type of a list, key and value type of a map, parameters of an opaque type.</summary>
    public ImmutableArray<CelType> Parameters { get; }

    /// <summary>The declared members, for host objects.</summary>
    public CelObjectType? ObjectType { get; }

    internal bool HasTypeParameters { get; }

    internal bool IsDynOrError => Kind is CelTypeKind.Dyn or CelTypeKind.Error;

    /// <summary>Lists of one element type.</summary>
    /// <param name="element">The type of the elements.</param>
    public static CelType List(CelType element) => new(CelTypeKind.List, "list", [element]);

    /// <summary>Maps of one key and one value type.</summary>
    /// <param name="key">The type of the keys.</param>
    /// <param name="value">The type of the values.</param>
    public static CelType Map(CelType key, CelType value) => new(CelTypeKind.Map, "map", [key, value]);

    /// <summary>The type of a type.</summary>
    /// <param name="type">The type it is the type of.</param>
    public static CelType TypeOf(CelType type) => new(CelTypeKind.Type, "type", [type]);

    /// <summary>A type that only its functions understand.</summary>
    /// <param name="name">The name of the type.</param>
    /// <param name="parameters">Its type parameters.</param>
    public static CelType Opaque(string name, params ImmutableArray<CelType> parameters) => new(CelTypeKind.Opaque, name, parameters);

    /// <summary>Optionals of one element type.</summary>
    /// <param name="element">The type of the value.</param>
    public static CelType Optional(CelType element) => Opaque("optional_type", element);

    /// <summary>A nullable scalar (a protobuf wrapper in the definition of the language).</summary>
    /// <param name="scalar">The scalar type.</param>
    public static CelType Nullable(CelType scalar)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        return new(CelTypeKind.Wrapper, "wrapper", [scalar]);
    }

    /// <summary>A type variable in the signature of a function.</summary>
    /// <param name="name">Its name, by convention one capital letter.</param>
    public static CelType Parameter(string name) => new(CelTypeKind.Parameter, name);

    internal static CelType Object(CelObjectType type) => new(CelTypeKind.Object, type.Name, default, type);

    /// <inheritdoc/>
    public bool Equals(CelType? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || Kind != other.Kind || Name != other.Name || Parameters.Length != other.Parameters.Length)
            return false;
        for (var i = 0; i < Parameters.Length; i++)
        {
            if (!Parameters[i].Equals(other.Parameters[i]))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CelType);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Name, Parameters.Length);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        CelTypeKind.Wrapper => $"wrapper({Parameters[0]})",
        _ when Parameters.Length == 0 => Name,
        _ => $"{Name}({string.Join(", ", Parameters)})",
    };
}

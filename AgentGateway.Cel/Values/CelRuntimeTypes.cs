namespace AgentGateway.Cel.Values;

internal static class CelRuntimeTypes
{
    public static CelType AnyOptional { get; } = CelType.Optional(CelType.Dyn);

    public static CelType Of(CelValue value) => value.Kind switch
    {
        CelKind.Null => CelType.Null,
        CelKind.Bool => CelType.Bool,
        CelKind.Int => CelType.Int,
        CelKind.Uint => CelType.Uint,
        CelKind.Double => CelType.Double,
        CelKind.String => CelType.String,
        CelKind.Bytes => CelType.Bytes,
        CelKind.List => CelType.AnyList,
        CelKind.Map => CelType.AnyMap,
        CelKind.Timestamp => CelType.Timestamp,
        CelKind.Duration => CelType.Duration,
        CelKind.Type => CelType.AnyType,
        CelKind.Optional => AnyOptional,
        CelKind.Opaque => ((CelOpaque)value.Ref!).Type,
        _ => CelType.Dyn,
    };

    /// <summary>Types at run time know no parameters: a list is a list.</summary>
    public static bool SameRuntimeType(CelType left, CelType right) => left.Kind == right.Kind && left.Name == right.Name;
}

using AgentGateway.Cel.Values;

namespace AgentGateway.Cel;

internal static class TypeNames
{
    /// <summary>Types that expressions can name.</summary>
    public static IEnumerable<CelType> All =>
    [
        CelType.Bool, CelType.Int, CelType.Uint, CelType.Double, CelType.String, CelType.Bytes, CelType.Null, CelType.AnyList, CelType.AnyMap,
        CelType.Timestamp, CelType.Duration, CelType.AnyType, CelRuntimeTypes.AnyOptional,
    ];
}

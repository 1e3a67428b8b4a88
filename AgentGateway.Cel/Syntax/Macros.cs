namespace AgentGateway.Cel.Syntax;

internal static class Macros
{
    /// <summary>The names of all macros.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "has", "all", "exists", "exists_one", "existsOne", "map", "filter", "transformList", "transformMap", "transformMapEntry",
        "sortBy", "mapValues", "map_values", "filterKeys", "filter_keys", "with", "optMap", "optFlatMap", "cel.bind", "cel.block",
    ];

    public static bool IsMacro(string name) => Names.Contains(name);
}

namespace AgentGateway.Cel.Syntax;

internal static class Macros
{
    /// <summary>The names of all macros.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "has", "all", "exists", "exists_one", "existsOne", "map", "filter", "transformList", "transformMap", "transformMapEntry",
        "sortBy", "mapValues", "map_values", "filterKeys", "filter_keys", "with", "optMap", "optFlatMap", "cel.bind", "cel.block",
    ];

    /// <summary>How a macro is written, for who gave it another number of arguments; null when the name is none.</summary>
    public static string? Example(string name, bool asMethod, CelLibraries libraries)
    {
        var (example, library) = (name, asMethod) switch
        {
            ("has", false) => ("has(x.member)", CelLibraries.None),
            ("cel.bind", false) => ("cel.bind(name, value, expression)", CelLibraries.Bindings),
            ("all" or "exists" or "exists_one" or "existsOne" or "filter", true) => ($"items.{name}(x, condition)", CelLibraries.None),
            ("map", true) => ("items.map(x, expression)", CelLibraries.None),
            ("transformList" or "transformMap", true) => ($"items.{name}(k, v, expression)", CelLibraries.TwoVariables),
            ("transformMapEntry", true) => ("items.transformMapEntry(k, v, {key: value})", CelLibraries.TwoVariables),
            ("sortBy", true) => ("items.sortBy(x, key)", CelLibraries.Lists),
            ("mapValues" or "map_values", true) => ($"map.{name}(v, expression)", CelLibraries.Gateway),
            ("filterKeys" or "filter_keys", true) => ($"map.{name}(k, condition)", CelLibraries.Gateway),
            ("with", true) => ("value.with(name, expression)", CelLibraries.Gateway),
            ("optMap" or "optFlatMap", true) => ($"optional.{name}(x, expression)", CelLibraries.Optionals),
            _ => (null, CelLibraries.None),
        };
        return (libraries & library) == library ? example : null;
    }

    public static bool IsMacro(string name) => Names.Contains(name);
}

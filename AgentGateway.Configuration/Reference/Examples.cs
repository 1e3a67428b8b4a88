using System.Text;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Reference;

/// <summary>Examples of values, in YAML on one line.</summary>
internal static class Examples
{
    private const int Deepest = 8;

    /// <summary>The example of a key: its own, or one made of what its value must hold.</summary>
    public static string Of(KeyDescription key, Catalogue catalogue) => Own(key) ?? Of(key.Value, catalogue, 0);

    // The example of a map is one of its values.
    private static string? Own(KeyDescription key) => key is { Value: MapDescription map, Example: { } value } && value[0] != '{' ? InMap(map, value) : key.Example;

    private static string InMap(MapDescription map, string value) => $"{{{Inside(map.Key)}: {(map.Value is MapDescription inner ? InMap(inner, value) : Inside(value))}}}";

    private static string Of(Description value, Catalogue catalogue, int depth) => value switch
    {
        ScalarDescription scalar => scalar.Example,
        AnyDescription any => any.Example,
        ListDescription list => $"[{Inside(Of(list.Item, catalogue, depth + 1))}]",
        MapDescription map => $"{{{Inside(map.Key)}: {Inside(Of(map.Value, catalogue, depth + 1))}}}",
        UnionDescription union => Of(union.Forms[0], catalogue, depth + 1),
        ReferenceDescription reference => OfObject(catalogue[reference.Name], catalogue, depth),
        _ => "{}",
    };

    // What must be set, and the first of keys of which one must be.
    private static string OfObject(ObjectDescription type, Catalogue catalogue, int depth)
    {
        if (depth > Deepest)
        {
            return "{}";
        }

        var chosen = type.Exclusive.Where(static group => group.Required).Select(static group => group.Keys[0]).ToHashSet(StringComparer.Ordinal);
        var text = new StringBuilder("{");
        foreach (var key in type.Keys.Where(key => key.Required || chosen.Contains(key.Key)))
        {
            text.Append(text.Length > 1 ? ", " : "").Append(Inside(key.Key)).Append(": ").Append(Inside(Own(key) ?? Of(key.Value, catalogue, depth + 1)));
        }

        return text.Append('}').ToString();
    }

    // Inside braces and brackets more characters need quotes than on a line of their own.
    private static string Inside(string text)
    {
        if (text.Length == 0 || text[0] is '{' or '[' or '"' or '\'')
        {
            return text;
        }

        return text.AsSpan().ContainsAny(CharacterSets.YamlFlow) || text.Contains(": ", StringComparison.Ordinal) || text[0] is '-' or '?' or ':'
            ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"
            : text;
    }
}

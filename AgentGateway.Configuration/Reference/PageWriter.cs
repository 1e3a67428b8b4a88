using System.Globalization;
using System.Text;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Reference;

/// <summary>Writes the reference page: one section a type, one row a key.</summary>
internal sealed class PageWriter(Catalogue catalogue)
{
    private const string Head =
        """
        # Configuration

        One YAML (or JSON) file. This page and `schema/config.json` are written by the program from its own readers: `agentgateway docs` and
        `agentgateway schema`. In a checkout, `agentgateway` is `dotnet run --project AgentGateway.Proxy --`.

        - **Check a file** with `agentgateway --validate-only -f FILE`: every problem with file, line, column, path and remedy, all in one go.
        - **In an editor**, the first line `# yaml-language-server: $schema=../schema/config.json` (a path or URL of `schema/config.json`) gives completion and checks.
        - **Environment**: `$NAME`, `${NAME}` and `${NAME:-default}` are replaced in the whole text, comments included, before it is read; `$$` is a dollar sign. A
          variable that is not set and has no default is an error.
        - **Files** that the configuration names are relative to the working directory. They, and the configuration itself, are followed: a change is applied
          without a restart, except for `config`, which is read once at start. A broken file changes nothing.
        - **Expressions** are CEL; [cel.md](cel.md) lists variables and functions.
        - A key without a value is as good as absent. An unknown key is an error.

        Types: a *duration* is written as `250ms`, `30s` or `1h30m`; a *secret* is a text that no log shows; an *address* is `host:port`, `ip:port`, `[v6]:port` or
        `unix:/path`. **¹** marks keys that are read and checked, and on which the gateway does not act yet: running with one of them is an error.

        """;

    public string Write(string root)
    {
        var paths = Paths(root);
        var text = new StringBuilder(Head);
        foreach (var type in catalogue.Objects)
        {
            text.Append("\n## ").Append(type.Name).Append("\n\n").Append(type.Doc);
            if (paths.GetValueOrDefault(type.Name) is { Length: > 0 } path)
            {
                text.Append(CultureInfo.InvariantCulture, $" First met at `{path}`.");
            }

            text.Append('\n');
            foreach (var (required, keys) in type.Exclusive)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{(required ? "Exactly" : "At most")} one of {string.Join(", ", keys.Select(static key => $"`{key}`"))} may be set.\n");
            }

            if (type.Keys.Count == 0)
            {
                text.Append("\nIt has no keys: write `{}`.\n");
                continue;
            }

            text.Append("\n| key | type | default | meaning | example |\n|---|---|---|---|---|\n");
            foreach (var key in type.Keys)
            {
                var fallback = key.Required ? "required" : key.Default is { } value ? Code(value) : "";
                text.Append(CultureInfo.InvariantCulture, $"| `{key.Key}`{(key.Acts ? "" : " ¹")} | {TypeOf(key.Value)} | {fallback} | {Cell(key.Doc)} | {Code(Examples.Of(key, catalogue))} |\n");
            }
        }

        return text.ToString();
    }

    private static string TypeOf(Description value) => value switch
    {
        ScalarDescription { Values: { } words } => string.Join(", ", words.Select(static word => $"`{word}`")),
        ScalarDescription { Minimum: { } least, Maximum: { } most } scalar => $"{scalar.Type} {Number(least)} to {Number(most)}",
        ScalarDescription scalar => scalar.Type,
        AnyDescription any => any.Type == "any" ? "any value" : any.Type,
        ListDescription list => $"list of {TypeOf(list.Item)}",
        MapDescription map => $"map of {TypeOf(map.Value)}",
        UnionDescription union => string.Join(" or ", union.Forms.Select(TypeOf).Distinct(StringComparer.Ordinal)),
        ReferenceDescription reference => $"[{reference.Name}](#{reference.Name.ToLowerInvariant()})",
        _ => "",
    };

    // The shortest way to each type.
    private Dictionary<string, string> Paths(string root)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal) { [root] = "" };
        var queue = new Queue<string>([root]);
        while (queue.TryDequeue(out var name))
        {
            foreach (var key in catalogue[name].Keys)
            {
                foreach (var (type, suffix) in TypesIn(key.Value))
                {
                    var path = $"{paths[name]}{(paths[name].Length == 0 ? "" : ".")}{key.Key}{suffix}";
                    if (paths.TryAdd(type, path))
                    {
                        queue.Enqueue(type);
                    }
                }
            }
        }

        return paths;
    }

    private static IEnumerable<(string Type, string Suffix)> TypesIn(Description value) => value switch
    {
        ReferenceDescription reference => [(reference.Name, "")],
        ListDescription list => TypesIn(list.Item).Select(static t => (t.Type, "[]" + t.Suffix)),
        MapDescription map => TypesIn(map.Value).Select(t => (t.Type, $".<{map.Key}>{t.Suffix}")),
        UnionDescription union => union.Forms.SelectMany(TypesIn),
        _ => [],
    };

    private static string Number(decimal number) => number.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Code(string text) => text.Contains('`', StringComparison.Ordinal) ? $"`` {Cell(text)} ``" : $"`{Cell(text)}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}

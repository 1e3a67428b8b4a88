using CsCheck;

namespace AgentGateway.Tests.Cel.Properties;

/// <summary>Random source texts that parse: every construct of the grammar, most of them ill-typed.</summary>
internal static class ExpressionGenerator
{
    private static readonly string[] Names = ["request", "llm", "jwt", "x", "v", "metadata", "mcp", "nobody"];
    private static readonly string[] Fields = ["path", "prompt", "a", "b", "inputTokens", "input_tokens", "role", "`a-b`", "as"];
    private static readonly string[] Methods = ["size()", "startsWith('a')", "matches('a+')", "split(',')", "join(',')", "sort()", "flatten()", "reverse()", "merge({'z': 1})", "trim()", "replace('a', 'bb')",
        "getHours()", "orValue(1)", "hasValue()", "upperAscii()", "contains('a')", "distinct()", "substring(1)", "charAt(0)", "unknownMethod()"];
    private static readonly string[] Functions = ["size", "string", "int", "uint", "double", "bytes", "type", "toJson", "json", "flatten", "flattenRecursive", "ip", "cidr", "duration", "timestamp", "max",
        "min", "base64.encode", "url.encode", "form.decode", "sha256.encode", "math.abs", "math.greatest", "optional.of", "lists.range", "unknownFunction", "strings.quote", "coalesce"];
    private static readonly string[] Binary = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"];
    private static readonly string[] Macros = ["all", "exists", "exists_one", "existsOne", "map", "filter", "sortBy", "mapValues", "filterKeys"];

    private static readonly Gen<string> Literal = Gen.OneOf(
        Gen.Long.Select(static n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.ULong.Select(static n => $"{n}u"),
        Gen.Int[0, 20].Select(static n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.OneOf("1.5", "0.0", "-2.5e10", "1e-7", ".25"),
        Gen.OneOf("true", "false", "null"),
        Gen.OneOf("''", "'a'", "\"a,b,c\"", "r'\\d'", "'''x'y'''", "'\\n\\t\\\\\\''", "'\U0001F600é'", "'[1,{\"a\":2}]'", "'10.0.0.1'", "'1h'", "'2024-01-01T00:00:00Z'", "'a=1&b=2'"),
        Gen.OneOf("b''", "b'ab'", "b'\\xff'"));

    /// <summary>Sources of a nesting up to four.</summary>
    public static Gen<string> Source { get; } = Expression(4);

    private static Gen<string> Expression(int depth)
    {
        if (depth == 0)
            return Gen.OneOf(Literal, Gen.OneOf<string>(Names));
        var inner = Expression(depth - 1);
        return Gen.Frequency(
            (2, Literal),
            (2, Gen.OneOf<string>(Names)),
            (2, Gen.Select(inner, Gen.OneOf(Fields), static (e, f) => $"({e}).{f}")),
            (1, Gen.Select(Gen.OneOf<string>(Names), Gen.OneOf(Fields), static (n, f) => $"{n}.{f}")),
            (1, Gen.Select(inner, Gen.OneOf(Fields), static (e, f) => $"({e}).?{f}")),
            (1, Gen.Select(inner, Gen.OneOf(Fields), static (e, f) => $"has(({e}).{f})")),
            (2, Gen.Select(inner, inner, static (e, i) => $"({e})[{i}]")),
            (1, Gen.Select(inner, inner, static (e, i) => $"({e})[?{i}]")),
            (4, Gen.Select(inner, Gen.OneOf(Binary), inner, static (a, op, b) => $"({a}) {op} ({b})")),
            (1, Gen.Select(Gen.OneOf("-", "!", "--", "!!"), inner, static (op, e) => $"{op}({e})")),
            (1, Gen.Select(inner, inner, inner, static (a, b, c) => $"({a}) ? ({b}) : ({c})")),
            (2, Gen.Select(inner, Gen.OneOf(Methods), static (e, m) => $"({e}).{m}")),
            (2, Gen.Select(Gen.OneOf(Functions), inner, static (f, e) => $"{f}({e})")),
            (1, Gen.Select(inner, inner, static (a, b) => $"default({a}, {b})")),
            (2, Gen.Select(inner, Gen.OneOf(Macros), inner, static (e, m, b) => $"({e}).{m}(v, {b})")),
            (1, Gen.Select(inner, inner, static (e, b) => $"({e}).transformMap(k, v, {b})")),
            (1, Gen.Select(inner, inner, static (e, b) => $"({e}).with(v, {b})")),
            (1, Gen.Select(inner, inner, static (e, b) => $"cel.bind(x, {e}, {b})")),
            (1, Gen.Select(inner, inner, static (e, b) => $"({e}).optMap(v, {b})")),
            (1, inner.Array[0, 3].Select(static items => $"[{string.Join(", ", items)}]")),
            (1, inner.Array[0, 3].Select(static items => "{" + string.Join(", ", items.Select(static (e, i) => $"'k{i}': {e}")) + "}")),
            (1, Gen.Select(inner, inner, static (k, v) => $"{{{k}: {v}}}")));
    }
}

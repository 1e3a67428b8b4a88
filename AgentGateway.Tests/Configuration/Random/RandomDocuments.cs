using System.Globalization;
using System.Text;
using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Reading;
using AgentGateway.Tests.Configuration.Examples;
using CsCheck;

namespace AgentGateway.Tests.Configuration.Random;

/// <summary>Generators of documents that nobody would write.</summary>
internal static class RandomDocuments
{
    private static readonly string[] Keys = ModelKeys();

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Any(
            "null", "~", "true", "no", "0", "-1", "65536", "1e400", ".nan", "-.inf", "0x7fffffffffffffffffff", "0o777", "1_000", "250ms", "-5s", "9999999999h", "''", "\"\"", "[]", "{}",
            "localhost:80", "http://[::1", "https://example.com/%zz", "/a/b", "*.example.com", "jwt.sub", "'1 + ('", "'request.headers[\"x\"]'", "'(a+)+$$'", "!!binary aGk=", "!!float 1", "!x y",
            "&a b", "*a", "*none", "\"\\u0000\"", "\"\\uD800\"", "'\u0000'", "? b", "|\n   text", ">-\n   text", "'${NO_SUCH_VARIABLE}'", "$$", "2001-01-01", "\u202Etext", "@", "`", "%"),
        Gen.Int.Select(static n => n.ToString(CultureInfo.InvariantCulture)),
        Gen.Double.Select(static n => n.ToString(CultureInfo.InvariantCulture)),
        Gen.String[0, 30].Select(static s => "'" + s.Replace("'", "''", StringComparison.Ordinal) + "'"),
        Gen.String[0, 10],
        Gen.Int[1, 5000].Select(static n => new string('x', n)));

    private static readonly Gen<string> Key = Gen.Frequency(
        (20, Any(Keys)),
        (1, Any("<<", "? [a]", "'a b'", "null", "1", "true", "\"\\n\"", "a.b", "__proto__")),
        (1, Gen.String[1, 6].Select(static s => "'" + s.Replace("'", "''", StringComparison.Ordinal) + "'")));

    /// <summary>A tree that mixes keys of the model with any values, in flow style.</summary>
    public static Gen<string> Tree { get; } = Gen.Recursive<string>(static (depth, tree) => depth > 6
        ? Scalar
        : Gen.Frequency(
            (2, Scalar),
            (5, Gen.Select(Key, tree, static (key, value) => $"{key}: {value}").Array[0, 6].Select(static entries => $"{{{string.Join(", ", entries)}}}")),
            (2, tree.Array[0, 4].Select(static items => $"[{string.Join(", ", items)}]"))));

    /// <summary>A valid document in which pieces of text are replaced.</summary>
    public static Gen<string> Damaged { get; } = Gen.Select(
        Any([.. OwnExamples.All.Select(static e => e.Text)]),
        Gen.Select(Gen.Int[0, 8000], Gen.Int[0, 30], Gen.Frequency(
            (3, Scalar),
            (2, Key),
            (3, Any(
                "\t", "\0", "\r", "\r\n", "\uFEFF", "\u0085", "\u2028", "---\n", "...\n", "- ", ": ", "&a ", "*a", "<<: *a\n", "{", "}", "[", "]", "#", "\"", "'", "|", ">", "%YAML 1.1\n", "!!str ", "!<tag:x> ",
                "${", "$", "~", "\\", ",", "?", "\uD800", "\U0001F600")))).Array[1, 6],
        static (text, edits) =>
        {
            var builder = new StringBuilder(text);
            foreach (var (at, length, replacement) in edits)
            {
                var start = at % (builder.Length + 1);
                builder.Remove(start, Math.Min(length, builder.Length - start)).Insert(start, replacement);
            }

            return builder.ToString();
        });

    /// <summary>Any text.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(
        Gen.String[0, 400],
        Any(" ", "\n", "\n  ", "- ", ": ", "a", "b: ", "[", "]", "{", "}", ",", "&x ", "*x", "<<: ", "|\n", ">\n", "\t", "#", "'", "\"", "---\n", "? ", "!t ", "binds", "config", "null", "$x").Array[0, 60].Select(string.Concat));

    private static Gen<string> Any(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string[] ModelKeys()
    {
        var catalogue = new Catalogue();
        ConfigurationDocument.Shape.Describe(catalogue);
        return [.. catalogue.Objects.SelectMany(static o => o.Keys).Select(static k => k.Key).Distinct()];
    }
}

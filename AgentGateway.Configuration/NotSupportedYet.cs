using System.Collections.Frozen;

namespace AgentGateway.Configuration;

/// <summary>
/// The one list of keys that are read and validated, and on which the gateway does not act yet. Running with one of them is an error,
/// <c>--validate-only</c> warns. Whoever makes a key work removes its line. Entries are <c>&lt;type&gt;.&lt;key&gt;</c>.
/// </summary>
internal static class NotSupportedYet
{
    private static readonly FrozenSet<string> Keys = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            "Document.llm",
        ]);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Keys.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True when the key of that type is refused at run time.</summary>
    public static bool Contains(string type, string key)
    {
        Span<char> name = stackalloc char[type.Length + 1 + key.Length];
        type.CopyTo(name);
        name[type.Length] = '.';
        key.CopyTo(name[(type.Length + 1)..]);
        return Lookup.Contains(name);
    }

    /// <summary>All entries, for a test that each one names a key of the model.</summary>
    internal static IEnumerable<string> All => Keys;
}

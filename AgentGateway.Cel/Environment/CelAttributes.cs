using System.Collections.Immutable;
using System.Numerics;

namespace AgentGateway.Cel;

/// <summary>
/// The variables and members that an expression reads, found when it is compiled. Index syntax, <c>with</c> and <c>cel.bind</c> are seen through;
/// where a member is chosen at run time, all members count as read.
/// </summary>
public sealed class CelAttributes
{
    /// <summary>Largest slot of a variable.</summary>
    public const int MaxSlot = 63;

    private readonly ulong _roots;
    private readonly ulong[] _members;

    internal CelAttributes(ulong roots, ulong[] members, bool everything, ImmutableSortedSet<string> paths)
    {
        _roots = roots;
        _members = members;
        ReadsEverything = everything;
        Paths = paths;
    }

    /// <summary>Reads nothing.</summary>
    public static CelAttributes None { get; } = new(0, [], false, ImmutableSortedSet<string>.Empty);

    /// <summary>True when the expression calls <c>variables()</c>.</summary>
    public bool ReadsEverything { get; }

    /// <summary>The paths that are read, such as <c>llm.prompt</c>, as far as they are known; <c>*</c> stands for everything.</summary>
    public ImmutableSortedSet<string> Paths { get; }

    /// <summary>True when any part of the variable is read.</summary>
    /// <param name="slot">Its slot.</param>
    public bool Reads(int slot) => ReadsEverything || (_roots & Bit(slot)) != 0;

    /// <summary>True when the member is read, by itself or with the whole variable.</summary>
    /// <param name="slot">The slot of the variable.</param>
    /// <param name="member">The number of the member.</param>
    public bool Reads(int slot, int member) => ReadsEverything || (slot < _members.Length && (_members[slot] & Bit(member)) != 0);

    /// <summary>What any of the expressions reads.</summary>
    /// <param name="attributes">The attributes of each.</param>
    public static CelAttributes Union(params IEnumerable<CelAttributes> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var roots = 0UL;
        var members = new ulong[MaxSlot + 1];
        var everything = false;
        var paths = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var item in attributes)
        {
            roots |= item._roots;
            everything |= item.ReadsEverything;
            paths.UnionWith(item.Paths);
            for (var i = 0; i < item._members.Length; i++)
                members[i] |= item._members[i];
        }

        return roots == 0 && !everything ? None : new CelAttributes(roots, members[..(64 - BitOperations.LeadingZeroCount(roots))], everything, paths.ToImmutable());
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Paths);

    internal static ulong Bit(int index) => 1UL << index;
}

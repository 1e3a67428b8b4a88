using System.Collections.Frozen;
using System.Collections.Immutable;

namespace AgentGateway.Cel;

/// <summary>The declared members of a <see cref="CelObject"/>: what the compiler resolves to numbers and the checker knows by name.</summary>
public sealed class CelObjectType
{
    private static int _lastNumber;

    private readonly FrozenDictionary<string, CelMember> _byName;

    internal CelObjectType(string name, ImmutableArray<CelMember> members, bool isOpen, bool acceptsBothSpellings)
    {
        Number = Interlocked.Increment(ref _lastNumber);
        Name = name;
        Members = members;
        IsOpen = isOpen;
        var byName = new Dictionary<string, CelMember>(StringComparer.Ordinal);
        foreach (var member in members)
            byName[member.Name] = member;
        if (acceptsBothSpellings)
        {
            foreach (var member in members)
            {
                byName.TryAdd(CelSpelling.ToSnakeCase(member.Name), member);
                byName.TryAdd(CelSpelling.ToCamelCase(member.Name), member);
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        Type = CelType.Object(this);
    }

    /// <summary>Largest number of members of one type; member numbers fit the bits of a <see cref="ulong"/>.</summary>
    public const int MaxMembers = 64;

    /// <summary>A number no other type of this process has, from one on: what compiled member reads compare.</summary>
    internal int Number { get; }

    /// <summary>The name of the type, for messages and documentation.</summary>
    public string Name { get; }

    /// <summary>The declared members; the index is the member number.</summary>
    public ImmutableArray<CelMember> Members { get; }

    /// <summary>True when objects may have more members than declared (token claims), so an unknown name is no warning.</summary>
    public bool IsOpen { get; }

    /// <summary>This object type as a type of the checker.</summary>
    public CelType Type { get; }

    /// <summary>Finds a member by name, under either spelling when the type accepts both.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="member">The member.</param>
    public bool TryFind(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CelMember? member) => _byName.TryGetValue(name, out member);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

using System.Collections.Immutable;

namespace AgentGateway.Cel;

/// <summary>Declares the members of a <see cref="CelObjectType"/>.</summary>
/// <param name="name">The name of the type, for messages and documentation.</param>
public sealed class CelObjectTypeBuilder(string name)
{
    private readonly SortedDictionary<int, CelMember> _members = [];
    private bool _isOpen;
    private bool _bothSpellings;

    /// <summary>Declares a member.</summary>
    /// <param name="id">Its number; the numbers of a type run from zero without gaps.</param>
    /// <param name="memberName">Its name in expressions.</param>
    /// <param name="type">Its type; <see cref="CelType.Dyn"/> when it varies.</param>
    /// <param name="description">One sentence for the documentation.</param>
    public CelObjectTypeBuilder Member(int id, string memberName, CelType type, string description = "")
    {
        if (!_members.TryAdd(id, new CelMember(id, memberName, type, description)))
            throw new ArgumentException($"Member number {id} of {name} is declared twice.", nameof(id));
        return this;
    }

    /// <summary>Objects may have members that are not declared.</summary>
    public CelObjectTypeBuilder Open()
    {
        _isOpen = true;
        return this;
    }

    /// <summary>Every member is also found under the other spelling of its name: <c>inputTokens</c> as <c>input_tokens</c> and the other way round.</summary>
    public CelObjectTypeBuilder AcceptBothSpellings()
    {
        _bothSpellings = true;
        return this;
    }

    /// <summary>Finishes the declaration.</summary>
    /// <exception cref="InvalidOperationException">The member numbers have a gap, or there are more than <see cref="CelObjectType.MaxMembers"/>.</exception>
    public CelObjectType Build()
    {
        var members = _members.Values.ToImmutableArray();
        if (members.Length > CelObjectType.MaxMembers)
            throw new InvalidOperationException($"{name} declares more than {CelObjectType.MaxMembers} members.");
        for (var i = 0; i < members.Length; i++)
        {
            if (members[i].Id != i)
                throw new InvalidOperationException($"{name} declares no member number {i}.");
        }

        return new CelObjectType(name, members, _isOpen, _bothSpellings);
    }
}

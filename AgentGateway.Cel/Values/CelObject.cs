namespace AgentGateway.Cel;

/// <summary>
/// A map-like value of the host (a request, a tool call) whose declared members are reached by an integer fixed at compile time, and any others by name.
/// Implementations must not throw and must not block; a value that cannot be had is an error value.
/// </summary>
public abstract class CelObject : CelMap
{
    /// <summary>The declared members. The same instance that the environment declares, so that compiled member numbers are valid.</summary>
    public abstract CelObjectType Type { get; }

    /// <summary>The value of a declared member; <see cref="CelKind.Absent"/> (<c>default</c>) when this object has none.</summary>
    /// <param name="member">The number of the member in <see cref="Type"/>.</param>
    public abstract CelValue GetMember(int member);

    /// <summary>The value of a member that the type does not declare, for open types; absent by default.</summary>
    /// <param name="name">The name as written, or as computed by an index expression.</param>
    public virtual CelValue GetDynamicMember(CelName name) => default;

    /// <summary>Steps through members that the type does not declare; none by default. Same contract as <see cref="CelMap.MoveNext"/>.</summary>
    /// <param name="cursor">Zero before the first step; the object's own afterwards.</param>
    /// <param name="key">The name of the member.</param>
    /// <param name="value">The value of the member.</param>
    public virtual bool MoveNextDynamic(ref int cursor, out CelValue key, out CelValue value)
    {
        key = default;
        value = default;
        return false;
    }

    /// <inheritdoc/>
    public sealed override int Count
    {
        get
        {
            var count = 0;
            var cursor = 0;
            while (MoveNext(ref cursor, out _, out _))
                count++;
            return count;
        }
    }

    /// <inheritdoc/>
    public sealed override CelValue Get(in CelValue key) => key.Kind == CelKind.String ? Get(new CelName(key.AsString())) : default;

    /// <inheritdoc/>
    public sealed override CelValue Get(CelName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Type.TryFind(name.Text, out var member))
        {
            var value = GetMember(member.Id);
            if (value.Kind != CelKind.Absent)
                return value;
        }

        return GetDynamicMember(name);
    }

    /// <inheritdoc/>
    public sealed override bool MoveNext(ref int cursor, out CelValue key, out CelValue value)
    {
        // Declared members take the negative cursors, counted up from int.MinValue + 1; the dynamic ones start again from zero.
        var members = Type.Members;
        if (cursor == 0)
            cursor = int.MinValue;
        if (cursor < 0)
        {
            while (cursor - int.MinValue < members.Length)
            {
                var member = members[cursor - int.MinValue];
                cursor++;
                value = GetMember(member.Id);
                if (value.Kind != CelKind.Absent)
                {
                    key = member.NameValue;
                    return true;
                }
            }

            cursor = int.MaxValue;
        }

        // The dynamic cursor is kept as its complement from int.MaxValue, so zero is never handed out twice.
        var dynamicCursor = int.MaxValue - cursor;
        var more = MoveNextDynamic(ref dynamicCursor, out key, out value);
        cursor = int.MaxValue - dynamicCursor;
        return more;
    }
}

using System.Collections.Immutable;
using System.Globalization;

namespace AgentGateway.Cel.Checking;

/// <summary>Bindings of type variables found so far, with undo. The rules are those of the CEL type checker: unification in which dyn goes with everything.</summary>
internal sealed class Substitution
{
    private readonly Dictionary<string, CelType> _bindings = new(StringComparer.Ordinal);
    private readonly Stack<(string Name, CelType? Before)> _journal = new();
    private int _next;

    public int Mark => _journal.Count;

    public CelType NewVariable() => CelType.Parameter("_" + (_next++).ToString(CultureInfo.InvariantCulture));

    public void Undo(int mark)
    {
        while (_journal.Count > mark)
        {
            var (name, before) = _journal.Pop();
            if (before is null)
                _bindings.Remove(name);
            else
                _bindings[name] = before;
        }
    }

    /// <summary>A copy of a signature's types with its type parameters replaced by new variables.</summary>
    public CelType Instantiate(CelType type, Dictionary<string, CelType> fresh)
    {
        if (!type.HasTypeParameters)
            return type;
        if (type.Kind != CelTypeKind.Parameter)
            return Rebuild(type, this, (self, inner) => self.Instantiate(inner, fresh));
        if (!fresh.TryGetValue(type.Name, out var variable))
            fresh.Add(type.Name, variable = NewVariable());
        return variable;
    }

    /// <summary>The type with all bound variables replaced; unbound ones become dyn when <paramref name="final"/>.</summary>
    public CelType Apply(CelType type, bool final = false)
    {
        if (!type.HasTypeParameters)
            return type;
        if (type.Kind == CelTypeKind.Parameter)
            return _bindings.TryGetValue(type.Name, out var bound) ? Apply(bound, final) : final ? CelType.Dyn : type;
        return Rebuild(type, this, final ? static (self, inner) => self.Apply(inner, true) : static (self, inner) => self.Apply(inner, false));
    }

    /// <summary>Whether a value of one type may stand where the other is asked for; binds variables, also when it fails.</summary>
    public bool Assignable(CelType from, CelType to)
    {
        if (to.Kind == CelTypeKind.Parameter)
        {
            var (valid, bound) = Bind(from, to);
            if (valid)
                return true;
            if (bound)
                return false;
        }

        if (from.Kind == CelTypeKind.Parameter)
            return Bind(to, from).Valid;
        if (from.IsDynOrError || to.IsDynOrError)
            return true;
        if (from.Kind == CelTypeKind.Null)
            return Nullable(to);
        if (to.Kind == CelTypeKind.Null)
            return Nullable(from);
        if (from.Kind == CelTypeKind.Wrapper || to.Kind == CelTypeKind.Wrapper)
            return Unwrap(from).Equals(Unwrap(to));
        if (from.Kind == CelTypeKind.Object && to.Kind == CelTypeKind.Map)
            return Assignable(CelType.String, to.Parameters[0]) && Assignable(CelType.Dyn, to.Parameters[1]);
        if (from.Kind == CelTypeKind.Type)
            return to.Kind == CelTypeKind.Type;
        if (from.Kind != to.Kind || from.Name != to.Name || from.Parameters.Length != to.Parameters.Length)
            return false;
        for (var i = 0; i < from.Parameters.Length; i++)
        {
            if (!Assignable(from.Parameters[i], to.Parameters[i]))
                return false;
        }

        return true;
    }

    /// <summary>The common type of two branches or elements; dyn when they do not unify.</summary>
    public CelType Join(CelType? before, CelType type)
    {
        if (before is null)
            return type;
        var mark = Mark;
        if (Assignable(before, type))
            return MostGeneral(before, type);
        Undo(mark);
        return CelType.Dyn;
    }

    private static CelType MostGeneral(CelType one, CelType other) => other.Kind == CelTypeKind.Null || EqualOrLessSpecific(one, other) ? one : other;

    private static bool EqualOrLessSpecific(CelType one, CelType other)
    {
        if (one.Kind is CelTypeKind.Dyn or CelTypeKind.Parameter)
            return true;
        if (other.Kind is CelTypeKind.Dyn or CelTypeKind.Parameter)
            return false;
        if (one.Kind == CelTypeKind.Wrapper && other.Kind != CelTypeKind.Null)
            return Unwrap(one).Equals(Unwrap(other));
        if (one.Kind != other.Kind)
            return false;
        if (one.Kind == CelTypeKind.Type)
            return true;
        if (one.Name != other.Name || one.Parameters.Length != other.Parameters.Length)
            return false;
        for (var i = 0; i < one.Parameters.Length; i++)
        {
            if (!EqualOrLessSpecific(one.Parameters[i], other.Parameters[i]))
                return false;
        }

        return true;
    }

    private static bool Nullable(CelType type) => type.Kind is CelTypeKind.Null or CelTypeKind.Opaque or CelTypeKind.Object or CelTypeKind.Duration or CelTypeKind.Timestamp or CelTypeKind.Wrapper;

    private static CelType Unwrap(CelType type) => type.Kind == CelTypeKind.Wrapper ? type.Parameters[0] : type;

    private (bool Valid, bool Bound) Bind(CelType type, CelType variable)
    {
        if (type.Equals(variable))
            return (true, true);
        if (_bindings.TryGetValue(variable.Name, out var bound))
        {
            if (type.Equals(bound))
                return (true, true);
            if (!Assignable(type, bound))
                return (false, true);
            var general = MostGeneral(type, bound);
            if (!Occurs(variable, general))
                Set(variable.Name, general);
            return (true, true);
        }

        if (Occurs(variable, type))
            return (false, false);
        Set(variable.Name, type);
        return (true, false);
    }

    private void Set(string name, CelType type)
    {
        _journal.Push((name, _bindings.GetValueOrDefault(name)));
        _bindings[name] = type;
    }

    private bool Occurs(CelType variable, CelType within)
    {
        if (!within.HasTypeParameters)
            return false;
        if (within.Kind == CelTypeKind.Parameter)
            return within.Name == variable.Name || (_bindings.TryGetValue(within.Name, out var bound) && Occurs(variable, bound));
        foreach (var parameter in within.Parameters)
        {
            if (Occurs(variable, parameter))
                return true;
        }

        return false;
    }

    private static CelType Rebuild(CelType type, Substitution self, Func<Substitution, CelType, CelType> map) => type.Kind switch
    {
        CelTypeKind.List => CelType.List(map(self, type.Parameters[0])),
        CelTypeKind.Map => CelType.Map(map(self, type.Parameters[0]), map(self, type.Parameters[1])),
        CelTypeKind.Type => CelType.TypeOf(map(self, type.Parameters[0])),
        CelTypeKind.Wrapper => CelType.Nullable(map(self, type.Parameters[0])),
        _ => CelType.Opaque(type.Name, [.. type.Parameters.Select(p => map(self, p)).ToImmutableArray()]),
    };
}

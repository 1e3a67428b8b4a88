using System.Runtime.CompilerServices;

namespace AgentGateway.Cel.Evaluation;

/// <summary>One <c>.member</c>: what the checker expects to find, and the name for everything else.</summary>
internal readonly struct MemberStep
{
    private readonly long _type;
    private readonly int _member;

    /// <summary>Makes a step.</summary>
    /// <param name="type">The type expected; null when none is known.</param>
    /// <param name="member">Number of the declared member, -1 when an open type may have it by name.</param>
    /// <param name="name">The name in the declared spelling.</param>
    public MemberStep(CelObjectType? type, int member, CelName name)
    {
        _type = type is null ? -1 : CelValue.HostObject | (long)type.Number;
        _member = member;
        Name = name;
    }

    public CelName Name { get; }

    /// <summary>The member; absent when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CelValue Read(CelValue value)
    {
        if (!value.IsHostObject(_type))
            return ReadByName(value, Name);
        var host = Unsafe.As<CelObject>(value.Ref!);
        return _member >= 0 ? host.GetMember(_member) : host.GetDynamicMember(Name);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CelValue ReadByName(CelValue value, CelName name) => value.IsOwnMap ? Unsafe.As<CelMap>(value.Ref!).Get(name) : Selection.Member(value, name);
}

/// <summary><c>variable.member.member</c>: the whole path in one step, one call to the host's objects for each member.</summary>
internal sealed class MemberPathNode : Node
{
    private readonly CelVariable _variable;
    private readonly int _slot;
    private readonly int _count;

    // Most paths have one or two members: these stand in the node itself.
    private readonly MemberStep _first;
    private readonly MemberStep _second;
    private readonly MemberStep[] _rest;

    public MemberPathNode(CelVariable variable, params ReadOnlySpan<MemberStep> steps)
    {
        _variable = variable;
        _slot = variable.Slot;
        _count = steps.Length;
        _first = steps[0];
        _second = steps.Length > 1 ? steps[1] : default;
        _rest = steps.Length > 2 ? steps[2..].ToArray() : [];
    }

    // Not inlined: with the host's members inlined in turn, the caller would run out of registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = frame.Activation.GetVariable(_slot);
        if (value.IsAbsent)
            return _variable.Undeclared;
        value = _first.Read(value);
        if (value.IsAbsent)
            return _first.Name.Missing;
        if (_count == 1)
            return value;
        value = _second.Read(value);
        if (value.IsAbsent)
            return _second.Name.Missing;
        return _count == 2 ? value : ReadRest(value);
    }

    public MemberPathNode Append(MemberStep step) => _count == 1 ? new(_variable, _first, step) : new(_variable, [_first, _second, .. _rest, step]);

    private CelValue ReadRest(CelValue value)
    {
        foreach (ref readonly var step in _rest.AsSpan())
        {
            value = step.Read(value);
            if (value.IsAbsent)
                return step.Name.Missing;
        }

        return value;
    }
}

/// <summary><c>operand.member</c>.</summary>
internal sealed class SelectNode(Node operand, MemberStep step) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = step.Read(operand.Eval(ref frame));
        return value.IsAbsent ? step.Name.Missing : value;
    }
}

/// <summary><c>operand.?member</c>.</summary>
internal sealed class OptionalSelectNode(Node operand, CelName name) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        if (value.Kind is CelKind.Error or CelKind.Optional)
            return Selection.Member(value, name);
        var member = Selection.Member(value, name);
        return member.IsError ? member : member.IsAbsent ? CelValue.OptionalNone : CelValue.FromOptional(member);
    }
}

/// <summary><c>has(operand.member)</c>. Leniently, what is null or not there has no members, and that is no error.</summary>
internal sealed class HasNode(Node operand, CelName name, bool lenient) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        switch (value.Kind)
        {
            case CelKind.Error:
                return lenient && value.Error!.Code == CelErrorCode.UndeclaredReference ? CelValue.False : value;
            case CelKind.Null:
                return lenient ? CelValue.False : EvalErrors.NoOverload("has", value);
            case CelKind.Optional when !value.TryGetOptional(out _):
                return CelValue.False;
            default:
                var member = Selection.Member(value, name);
                return member.IsError ? member : CelValue.FromBool(!(member.IsAbsent || (member.Kind == CelKind.Optional && !member.TryGetOptional(out _) && value.Kind == CelKind.Optional)));
        }
    }
}

/// <summary><c>operand[index]</c>.</summary>
internal sealed class IndexNode(Node operand, Node index) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        if (value.IsError)
            return value;
        var at = index.Eval(ref frame);
        if (at.IsError)
            return at;
        if (!frame.TryLookUp(at))
            return EvalErrors.WorkLimit;
        var element = Selection.Element(value, at);
        if (!element.IsAbsent)
            return element;
        return value.Kind == CelKind.List ? EvalErrors.IndexOutOfRange : EvalErrors.NoSuchKey;
    }
}

/// <summary><c>operand[?index]</c>.</summary>
internal sealed class OptionalIndexNode(Node operand, Node index) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        if (value.IsError)
            return value;
        var at = index.Eval(ref frame);
        if (at.IsError)
            return at;
        if (!frame.TryLookUp(at))
            return EvalErrors.WorkLimit;
        var element = Selection.Element(value, at);
        if (element.IsError || value.Kind == CelKind.Optional)
            return element;
        return element.IsAbsent ? CelValue.OptionalNone : CelValue.FromOptional(element);
    }
}

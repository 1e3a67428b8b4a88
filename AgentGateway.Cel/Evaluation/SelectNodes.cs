using System.Runtime.CompilerServices;

namespace AgentGateway.Cel.Evaluation;

/// <summary><c>variable.member</c>: one call to the host's object, by number when the member is declared, by name (-1) when an open type may have it.</summary>
internal sealed class VariableMemberNode(CelVariable variable, CelObjectType type, int member, CelName name) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var root = frame.Activation.GetVariable(variable.Slot);
        if (root.IsHostObject)
        {
            var host = Unsafe.As<CelObject>(root.Ref!);
            if (ReferenceEquals(host.Type, type))
            {
                var value = member >= 0 ? host.GetMember(member) : host.GetDynamicMember(name);
                return value.Kind == CelKind.Absent ? name.Missing : value;
            }
        }

        var other = Other(root);
        return other.IsAbsent ? name.Missing : other;
    }

    private CelValue Other(in CelValue root) => root.IsAbsent ? variable.Undeclared : Selection.Member(root, name);
}

/// <summary><c>operand.member</c>; <paramref name="type"/> and <paramref name="member"/> are what the checker expects to find.</summary>
internal sealed class SelectNode(Node operand, CelName name, CelObjectType? type, int member) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        if (type is not null && value.IsHostObject)
        {
            var host = Unsafe.As<CelObject>(value.Ref!);
            if (ReferenceEquals(host.Type, type))
            {
                var found = member >= 0 ? host.GetMember(member) : host.GetDynamicMember(name);
                return found.Kind == CelKind.Absent ? name.Missing : found;
            }
        }

        value = value.IsHostMap ? Unsafe.As<CelMap>(value.Ref!).Get(name) : Selection.Member(value, name);
        return value.Kind == CelKind.Absent ? name.Missing : value;
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
        var element = Selection.Element(value, at);
        if (element.IsError || value.Kind == CelKind.Optional)
            return element;
        return element.IsAbsent ? CelValue.OptionalNone : CelValue.FromOptional(element);
    }
}

namespace AgentGateway.Cel.Evaluation;

/// <summary>Reading members and elements of values.</summary>
internal static class Selection
{
    /// <summary>The member of a value; absent when a map has none, an error for values without members.</summary>
    public static CelValue Member(CelValue value, CelName name)
    {
        switch (value.Kind)
        {
            case CelKind.Map:
                return value.Ref is CelMap map ? map.Get(name) : value.Tape.Member((int)value.Bits, name);
            case CelKind.Error:
                return value;
            case CelKind.Optional:
                if (!value.TryGetOptional(out var inner))
                    return value;
                if (inner.IsNull)
                    return name.Missing;
                var member = Member(inner, name);
                return member.IsError ? member : member.IsAbsent ? CelValue.OptionalNone : CelValue.FromOptional(member);
            case CelKind.Null:
                return default;
            case CelKind.Flattened:
                return EvalErrors.MisplacedFlatten;
            default:
                // To default() the same as a map without the member.
                return CelValue.FromError(CelErrorCode.NoSuchKey, $"type '{value.RuntimeType}' has no members (selecting '{name.Text}')");
        }
    }

    /// <summary>The element or entry of a value; absent when there is none, an error for values that cannot be indexed.</summary>
    public static CelValue Element(CelValue value, CelValue index)
    {
        switch (value.Kind)
        {
            case CelKind.Map:
                if (index.Kind is CelKind.String or CelKind.Int or CelKind.Uint or CelKind.Bool or CelKind.Double)
                    return value.AsMap().Get(index);
                return EvalErrors.NoOverload("_[_]", value, index);
            case CelKind.List:
                if (!TryIndex(index, out var at))
                    return EvalErrors.NoOverload("_[_]", value, index);
                var list = value.AsList();
                return at >= 0 && at < list.Count ? list[(int)at] : default;
            case CelKind.Optional:
                if (!value.TryGetOptional(out var inner))
                    return value;
                var element = Element(inner, index);
                return element.IsError ? element : element.IsAbsent ? CelValue.OptionalNone : CelValue.FromOptional(element);
            case CelKind.Null when index.Kind == CelKind.String:
                return default;
            default:
                return EvalErrors.NoOverload("_[_]", value, index);
        }
    }

    /// <summary>A whole number of any numeric type as a list index.</summary>
    public static bool TryIndex(CelValue index, out long at)
    {
        switch (index.Kind)
        {
            case CelKind.Int:
                at = index.Bits;
                return true;
            case CelKind.Uint:
                at = index.Bits < 0 ? long.MaxValue : index.Bits;
                return true;
            case CelKind.Double:
                var number = index.AsDouble();
                at = number is > -1e15 and < 1e15 ? (long)number : -1;
                return Math.Floor(number) == number;
            default:
                at = 0;
                return false;
        }
    }
}

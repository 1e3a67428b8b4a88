using AgentGateway.Cel.Functions;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Checking;

internal sealed partial class Checker
{
    private CelType VisitCall(CallExpr call)
    {
        if (call.Function is Operators.And or Operators.Or)
        {
            foreach (var operand in call.Args)
            {
                var type = Visit(operand);
                if (!_types.Assignable(type, CelType.Bool))
                    Report(operand.Offset, $"expected type 'bool' but found '{_types.Apply(type, true)}'");
            }

            return CelType.Bool;
        }

        if (call.Function is Operators.Index or Operators.OptionalIndex && VisitObjectIndex(call) is { } indexed)
            return indexed;
        if (call.Target is not null)
        {
            if (QualifiedName(call.Target) is { } prefix && FindFunction(prefix + "." + call.Function) is { } qualified && qualified.Overloads.Any(static o => !o.IsMethod))
            {
                call.QualifiedName = qualified.Name;
                VisitArguments(call);
                return Overload(call, qualified, target: null);
            }

            if (QualifiedName(call.Target) is { } unknown && ResolveQualified(unknown) is null && call.Target is IdentExpr && SuggestQualified(call) is { } meant)
            {
                // The target is the namespace of a mistyped function, not a variable: one report is enough.
                VisitArguments(call);
                Report(call.Offset, $"undeclared reference to '{unknown}.{call.Function}' (in container '{environment.Container}')", meant);
                return CelType.Error;
            }

            if (call.Target is IdentExpr { Name: "cel" } && Macros.Example("cel." + call.Function, asMethod: false, environment.Libraries) is { } example)
            {
                VisitArguments(call);
                Report(call.Offset, $"wrong number of arguments for the macro 'cel.{call.Function}': it is written {example}");
                return CelType.Error;
            }

            Visit(call.Target);
        }
        else if (FindFunction(call.Function) is { } function)
        {
            call.QualifiedName = function.Name;
        }

        VisitArguments(call);
        var name = call.Target is null ? call.QualifiedName ?? call.Function : call.Function;
        var declared = environment.FindFunction(name);
        if (declared is null)
        {
            if (Macros.Example(name, call.Target is not null, environment.Libraries) is { } example)
            {
                Report(call.Offset, $"wrong number of arguments for the macro '{name}': it is written {example}");
                return CelType.Error;
            }

            Report(call.Offset, $"undeclared reference to '{name}' (in container '{environment.Container}')", SuggestFunction(call));
            return CelType.Error;
        }

        var result = Overload(call, declared, call.Target);
        if (call is { Function: "format", Target: ConstExpr { Value.Kind: CelKind.String } pattern, Args: [ListExpr { Optional: null } list] }
            && StringFormat.CountClauses(pattern.Value.AsString()) is { } clauses && clauses != list.Elements.Length)
        {
            Report(call.Offset, $"wrong number of values for the format: it has {clauses} {(clauses == 1 ? "clause" : "clauses")}, the list has {list.Elements.Length}");
        }

        return result;
    }

    private void VisitArguments(CallExpr call)
    {
        if (call.Function is not (Operators.Index or Operators.OptionalIndex))
        {
            foreach (var argument in call.Args)
                Visit(argument);
        }
    }

    /// <summary>Indexing a host object by a literal is a selection; null when the operand is none.</summary>
    private CelType? VisitObjectIndex(CallExpr call)
    {
        var operand = _types.Apply(Visit(call.Args[0]));
        Visit(call.Args[1]);
        var isOptional = operand is { Kind: CelTypeKind.Opaque, Name: "optional_type" };
        var target = isOptional ? operand.Parameters[0] : operand;
        if (target.Kind != CelTypeKind.Object)
            return null;
        var result = call.Args[1] is ConstExpr { Value.Kind: CelKind.String } literal
            ? MemberType(target, call.Args[0], literal.Value.AsString(), call.Args[1].Offset)
            : CelType.Dyn;
        return isOptional || call.Function == Operators.OptionalIndex ? CelType.Optional(result) : result;
    }

    private CelType Overload(CallExpr call, CelFunction function, Expr? target)
    {
        var count = call.Args.Length + (target is null ? 0 : 1);
        var types = new CelType[count];
        var at = 0;
        if (target is not null)
            types[at++] = target.Type;
        foreach (var argument in call.Args)
            types[at++] = argument.Type;

        CelType? result = null;
        var arityFits = false;
        foreach (var overload in function.Overloads)
        {
            if (overload.IsMethod != target is not null || !overload.AcceptsCount(count))
                continue;
            arityFits = true;

            // A signature over dyn is the last resort: it must not blur the type that another one gives.
            if (result is not null && overload.IsFallback)
                continue;
            var mark = _types.Mark;
            var fresh = new Dictionary<string, CelType>(StringComparer.Ordinal);
            var fits = true;
            for (var i = 0; i < count && fits; i++)
                fits = _types.Assignable(types[i], _types.Instantiate(overload.ParameterAt(i), fresh));
            if (!fits)
            {
                _types.Undo(mark);
                continue;
            }

            var type = _types.Apply(_types.Instantiate(overload.Result, fresh));
            if (result is null)
                result = type;
            else if (result.Kind != CelTypeKind.Dyn && !type.Equals(result))
                result = CelType.Dyn;
        }

        if (result is not null)
            return result;
        if (!arityFits)
            ReportArity(call, function, target is not null);
        else
            Report(call.Offset, $"found no matching overload for '{function.Name}' applied to '{Applied(types, target is not null)}'");
        return CelType.Error;
    }

    private void ReportArity(CallExpr call, CelFunction function, bool asMethod)
    {
        var same = function.Overloads.Where(o => o.IsMethod == asMethod).ToArray();
        if (same.Length == 0)
        {
            Report(call.Offset, asMethod
                ? $"'{function.Name}' is a function, not a method; write {function.Name}(...)"
                : $"'{function.Name}' is a method, not a function; write x.{function.Name}(...)");
            return;
        }

        var counts = same.Select(o => (Count: o.Parameters.Length - (asMethod ? 1 : 0) - (o.IsVariadic ? 1 : 0), o.IsVariadic)).Distinct().Order();
        var expected = string.Join(" or ", counts.Select(static c => c.IsVariadic ? $"at least {c.Count}" : $"{c.Count}"));
        Report(call.Offset, $"wrong number of arguments for '{function.Name}': expected {expected}, found {call.Args.Length}");
    }

    private string Applied(CelType[] types, bool asMethod)
    {
        var names = types.Select(t => _types.Apply(t, true).ToString()).ToArray();
        return asMethod ? $"{names[0]}.({string.Join(", ", names.Skip(1))})" : $"({string.Join(", ", names)})";
    }

    private string? SuggestFunction(CallExpr call)
    {
        if (SuggestQualified(call) is { } qualified)
            return qualified;
        return Suggestions.Nearest(
            call.Function,
            environment.Functions.Where(f => f.Overloads.Any(o => o.IsMethod == call.Target is not null)).Select(static f => f.Name).Where(static n => char.IsAsciiLetter(n[0]))
                .Concat(call.Target is null ? ["has"] : Macros.Names.Where(static n => n != "has" && !n.Contains('.', StringComparison.Ordinal))));
    }

    private string? SuggestQualified(CallExpr call) =>
        call.Target is not null && QualifiedName(call.Target) is { } prefix && prefix[0] != '.'
            ? Suggestions.Nearest(prefix + "." + call.Function, environment.Functions.Where(static f => f.Name.Contains('.', StringComparison.Ordinal)).Select(static f => f.Name))
            : null;

    private CelFunction? FindFunction(string name)
    {
        if (name[0] == '.')
            return environment.FindFunction(name[1..]);
        for (var container = environment.Container; container.Length > 0; container = container[..Math.Max(0, container.LastIndexOf('.'))])
        {
            if (environment.FindFunction(container + "." + name) is { } found)
                return found;
        }

        return environment.FindFunction(name);
    }
}

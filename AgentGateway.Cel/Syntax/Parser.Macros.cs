using System.Globalization;

namespace AgentGateway.Cel.Syntax;

internal sealed partial class Parser
{
    /// <summary>The macro a call stands for; null when it is a plain call, which includes macro names with another number of arguments.</summary>
    private Expr? MacroCall(int at, string name, Expr? target, Expr[] args)
    {
        if (target is null)
            return name == "has" && args.Length == 1 ? HasMacro(at, args[0]) : null;
        if (target is IdentExpr { Name: "cel", Absolute: false } && CelMacro(at, name, args) is { } expanded)
            return expanded;
        switch (name, args.Length)
        {
            case ("all", 2):
                return Loop(at, MacroKind.All, name, target, args);
            case ("exists", 2):
                return Loop(at, MacroKind.Exists, name, target, args);
            case ("exists_one" or "existsOne", 2):
                return Loop(at, MacroKind.ExistsOne, name, target, args);
            case ("filter", 2):
                return Loop(at, MacroKind.Filter, name, target, args);
            case ("map", 2):
                return Loop(at, MacroKind.Map, name, target, args);
            case ("map", 3):
                return Loop(at, MacroKind.Map, name, target, args, hasFilter: true);
            case ("all", 3) when Has(CelLibraries.TwoVariables):
                return Loop(at, MacroKind.All, name, target, args, variables: 2);
            case ("exists", 3) when Has(CelLibraries.TwoVariables):
                return Loop(at, MacroKind.Exists, name, target, args, variables: 2);
            case ("exists_one" or "existsOne", 3) when Has(CelLibraries.TwoVariables):
                return Loop(at, MacroKind.ExistsOne, name, target, args, variables: 2);
            case ("transformList", 3 or 4) when Has(CelLibraries.TwoVariables):
                return Loop(at, MacroKind.TransformList, name, target, args, variables: 2, hasFilter: args.Length == 4);
            case ("transformMap", 3 or 4) when Has(CelLibraries.TwoVariables):
                return Loop(at, MacroKind.TransformMap, name, target, args, variables: 2, hasFilter: args.Length == 4);
            case ("transformMapEntry", 3 or 4) when Has(CelLibraries.TwoVariables):
                return Loop(at, MacroKind.TransformMapEntry, name, target, args, variables: 2, hasFilter: args.Length == 4);
            case ("sortBy", 2) when Has(CelLibraries.Lists):
                return Loop(at, MacroKind.SortBy, name, target, args);
            case ("mapValues" or "map_values", 2) when Has(CelLibraries.Gateway):
                return Loop(at, MacroKind.MapValues, name, target, args);
            case ("filterKeys" or "filter_keys", 2) when Has(CelLibraries.Gateway):
                return Loop(at, MacroKind.FilterKeys, name, target, args);
            case ("with", 2) when Has(CelLibraries.Gateway):
                return Bind(at, BindKind.With, args[0], target, args[1]);
            case ("optMap", 2) when Has(CelLibraries.Optionals):
                return Bind(at, BindKind.OptMap, args[0], target, args[1]);
            case ("optFlatMap", 2) when Has(CelLibraries.Optionals):
                return Bind(at, BindKind.OptFlatMap, args[0], target, args[1]);
            default:
                return null;
        }
    }

    private SelectExpr? HasMacro(int at, Expr argument)
    {
        if (argument is SelectExpr { Optional: false, Test: false } select)
            return new SelectExpr(at, select.Operand, select.Field, test: true, quoted: select.Quoted);
        Error(argument.Offset, "has() takes a member selection, such as has(jwt.sub)");
        return null;
    }

    private Expr? CelMacro(int at, string name, Expr[] args)
    {
        switch (name, args.Length)
        {
            case ("bind", 3) when Has(CelLibraries.Bindings):
                return Bind(at, BindKind.CelBind, args[0], args[1], args[2]);
            case ("block", 2) when Has(CelLibraries.Block):
                if (args[0] is ListExpr { Optional: null } slots)
                    return new BlockExpr(at, slots.Elements, args[1]);
                Error(args[0].Offset, "cel.block() takes a list literal and an expression");
                return null;
            case ("index", 1) when Has(CelLibraries.Block):
                return args[0] is ConstExpr { Value: { Kind: CelKind.Int, Bits: >= 0 and < int.MaxValue } } index
                    ? new IdentExpr(at, string.Create(CultureInfo.InvariantCulture, $"@index{index.Value.Bits}"))
                    : null;
            case ("iterVar" or "accuVar", 2) when Has(CelLibraries.Block):
                return args[0] is ConstExpr { Value: { Kind: CelKind.Int, Bits: >= 0 } } i && args[1] is ConstExpr { Value: { Kind: CelKind.Int, Bits: >= 0 } } j
                    ? new IdentExpr(at, string.Create(CultureInfo.InvariantCulture, $"{(name == "iterVar" ? "@it" : "@ac")}:{i.Value.Bits}:{j.Value.Bits}"))
                    : null;
            default:
                return null;
        }
    }

    private ComprehensionExpr? Loop(int at, MacroKind kind, string name, Expr range, Expr[] args, int variables = 1, bool hasFilter = false)
    {
        var first = VariableName(args[0]);
        var second = variables == 2 ? VariableName(args[1]) : null;
        if (first is null || (variables == 2 && second is null))
            return null;
        if (first == second)
        {
            Error(args[1].Offset, $"the variables of {name}() need different names");
            return null;
        }

        return new ComprehensionExpr(at, kind, name, range, first, second, hasFilter ? args[variables] : null, args[^1]);
    }

    private BindExpr? Bind(int at, BindKind kind, Expr variable, Expr init, Expr body) =>
        VariableName(variable) is { } name ? new BindExpr(at, kind, name, init, body) : null;

    private string? VariableName(Expr expr)
    {
        if (expr is IdentExpr { Absolute: false } ident)
            return ident.Name;
        Error(expr.Offset, "expected a simple name for the variable");
        return null;
    }
}

using System.Globalization;
using AgentGateway.Cel.Messages;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Checking;

/// <summary>
/// Resolves names and infers types. What it finds wrong is a warning, since the values of a gateway are mostly of unknown type; in strict mode it is an error.
/// </summary>
internal sealed partial class Checker(CelEnvironment environment, DiagnosticBag diagnostics, bool strict)
{
    private readonly Substitution _types = new();
    private readonly List<LocalVariable> _scope = [];

    /// <summary>Checks an expression; returns its type.</summary>
    public CelType Check(Expr expr, params ReadOnlySpan<LocalVariable> parameters)
    {
        foreach (var parameter in parameters)
            _scope.Add(parameter);
        var type = _types.Apply(Visit(expr), final: true);
        _scope.Clear();
        return type;
    }

    /// <summary>The final type of a checked expression.</summary>
    public CelType TypeOf(Expr expr) => _types.Apply(expr.Type, final: true);

    private void Report(int offset, string message, string? suggestion = null) =>
        diagnostics.Add(
            strict ? CelDiagnosticSeverity.Error : CelDiagnosticSeverity.Warning,
            offset,
            suggestion is null ? message : $"{message}; did you mean `{suggestion}`?",
            suggestion);

    private CelType Visit(Expr expr) => expr.Type = expr switch
    {
        ConstExpr constant => constant.Value.RuntimeType,
        IdentExpr ident => VisitIdent(ident),
        SelectExpr select => VisitSelect(select),
        CallExpr call => VisitCall(call),
        ListExpr list => VisitList(list),
        MapExpr map => VisitMap(map),
        ComprehensionExpr loop => VisitComprehension(loop),
        BindExpr bind => VisitBind(bind),
        BlockExpr block => VisitBlock(block),
        StructExpr message => VisitStruct(message),
        _ => CelType.Error,
    };

    private CelType VisitIdent(IdentExpr ident)
    {
        if (!ident.Absolute && FindLocal(ident.Name) is { } local)
        {
            ident.Reference = new LocalReference(local);
            return local.Type;
        }

        if (Resolve(ident.Name, ident.Absolute) is { } reference)
            return Refer(ident, reference);
        Report(
            ident.Offset,
            $"undeclared reference to '{ident.Name}' (in container '{environment.Container}')",
            Suggestions.Nearest(ident.Name, environment.Variables.Select(static v => v.Name).Concat(_scope.Select(static l => l.Name))));
        return CelType.Error;
    }

    private static CelType Refer(Expr expr, Reference reference)
    {
        expr.Reference = reference;
        return reference switch
        {
            VariableReference variable => variable.Variable.Type,
            ConstantReference constant => constant.Value.Kind == CelKind.Type ? CelType.TypeOf(constant.Value.AsType()) : constant.Value.RuntimeType,
            LocalReference local => local.Local.Type,
            _ => CelType.Dyn,
        };
    }

    private CelType VisitSelect(SelectExpr select)
    {
        if (!select.Test && !select.Optional && QualifiedName(select) is { } name && ResolveQualified(name) is { } reference)
            return Refer(select, reference);
        var operand = _types.Apply(Visit(select.Operand));
        var isOptional = operand is { Kind: CelTypeKind.Opaque, Name: "optional_type" };
        var target = isOptional ? operand.Parameters[0] : operand;
        var result = MemberType(target, select.Operand, select.Field, select.Offset);
        if (select.Test)
            return CelType.Bool;
        return isOptional || select.Optional ? CelType.Optional(result) : result;
    }

    private CelType MemberType(CelType target, Expr operand, string field, int offset)
    {
        switch (target.Kind)
        {
            case CelTypeKind.Map:
                return target.Parameters[1];
            case CelTypeKind.Object:
                var type = target.ObjectType!;
                if (type.TryFind(field, out var member))
                    return member.Type;
                if (!type.IsOpen)
                {
                    var nearest = Suggestions.Nearest(field, type.Members.Select(static m => m.Name));
                    Report(offset, $"'{type.Name}' has no member '{field}'", nearest is null ? null : Path(operand, type) + "." + nearest);
                }

                return CelType.Dyn;
            case CelTypeKind.Parameter:
                _types.Assignable(CelType.Dyn, target);
                return CelType.Dyn;
            case CelTypeKind.Dyn or CelTypeKind.Error:
                return CelType.Dyn;
            default:
                Report(offset, $"type '{_types.Apply(target, true)}' does not support field selection");
                return CelType.Dyn;
        }
    }

    private static string Path(Expr operand, CelObjectType type) => operand switch
    {
        IdentExpr ident => ident.Name,
        SelectExpr { Test: false } select => Path(select.Operand, type) + "." + select.Field,
        _ => type.Name,
    };

    private CelType VisitList(ListExpr list)
    {
        CelType? element = null;
        for (var i = 0; i < list.Elements.Length; i++)
        {
            var type = Visit(list.Elements[i]);
            if (list.Optional?[i] == true)
                type = Unwrap(type, list.Elements[i]);
            element = _types.Join(element, type);
        }

        return CelType.List(element ?? _types.NewVariable());
    }

    private CelType VisitMap(MapExpr map)
    {
        CelType? key = null;
        CelType? value = null;
        foreach (var entry in map.Entries)
        {
            key = _types.Join(key, Visit(entry.Key));
            var type = Visit(entry.Value);
            value = _types.Join(value, entry.Optional ? Unwrap(type, entry.Value) : type);
        }

        return CelType.Map(key ?? _types.NewVariable(), value ?? _types.NewVariable());
    }

    private CelType Unwrap(CelType type, Expr expr)
    {
        type = _types.Apply(type);
        if (type is { Kind: CelTypeKind.Opaque, Name: "optional_type" })
            return type.Parameters[0];
        if (!type.IsDynOrError && type.Kind != CelTypeKind.Parameter)
            Report(expr.Offset, $"expected type '{CelType.Optional(type)}' but found '{type}'");
        return CelType.Dyn;
    }

    private CelType VisitStruct(StructExpr message)
    {
        var type = message.WellKnown = FindMessage(message.TypeName);
        foreach (var field in message.Fields)
        {
            var given = Visit(field.Value);
            if (field.Optional)
                given = Unwrap(given, field.Value);
            if (type is null)
                continue;
            var number = type.Find(field.Name);
            if (number < 0)
                Report(message.Offset, $"'{type.Name}' has no field '{field.Name}'");
            else if (!_types.Assignable(given, type.FieldType(number)))
                Report(field.Value.Offset, $"expected type of field '{field.Name}' is '{type.FieldType(number)}' but found '{_types.Apply(given, true)}'");
        }

        if (type is not null)
            return type.Type;
        Report(message.Offset, $"undeclared reference to '{message.TypeName}' (in container '{environment.Container}'); there are no message types, use a map");
        return CelType.Error;
    }

    private WellKnownType? FindMessage(string name)
    {
        if ((environment.Libraries & CelLibraries.WellKnownTypes) == 0)
            return null;
        if (name[0] == '.')
            return WellKnownTypes.Find(name[1..]);
        for (var container = environment.Container; container.Length > 0; container = container[..Math.Max(0, container.LastIndexOf('.'))])
        {
            if (WellKnownTypes.Find(container + "." + name) is { } found)
                return found;
        }

        return WellKnownTypes.Find(name);
    }

    private CelType VisitComprehension(ComprehensionExpr loop)
    {
        var range = _types.Apply(Visit(loop.Range));
        var (key, value) = Iterated(range, loop);
        var two = loop.Variable2 is not null;
        var isMap = range.Kind is CelTypeKind.Map or CelTypeKind.Object;
        var first = new LocalVariable(loop.Variable, two || loop.Macro == MacroKind.FilterKeys ? key : loop.Macro == MacroKind.MapValues || !isMap ? value : key);
        loop.Local = first;
        _scope.Add(first);
        if (two)
        {
            loop.Local2 = new LocalVariable(loop.Variable2!, value);
            _scope.Add(loop.Local2);
        }

        if (loop.Filter is not null)
            ExpectBool(loop.Filter, Visit(loop.Filter), loop.Name);
        var body = Visit(loop.Body);
        _scope.RemoveRange(_scope.Count - (two ? 2 : 1), two ? 2 : 1);
        switch (loop.Macro)
        {
            case MacroKind.All or MacroKind.Exists or MacroKind.ExistsOne:
                ExpectBool(loop.Body, body, loop.Name);
                return CelType.Bool;
            case MacroKind.Filter:
                ExpectBool(loop.Body, body, loop.Name);
                return CelType.List(first.Type);
            case MacroKind.FilterKeys:
                ExpectBool(loop.Body, body, loop.Name);
                return range.Kind == CelTypeKind.Map ? range : CelType.AnyMap;
            case MacroKind.Map or MacroKind.TransformList:
                return CelType.List(body);
            case MacroKind.SortBy:
                return range.Kind == CelTypeKind.List ? range : CelType.AnyList;
            case MacroKind.TransformMapEntry:
                var entry = _types.Apply(body);
                if (entry.Kind is not (CelTypeKind.Map or CelTypeKind.Dyn or CelTypeKind.Error or CelTypeKind.Parameter))
                    Report(loop.Body.Offset, $"{loop.Name}() takes a map with the entry, not '{entry}'");
                return entry.Kind == CelTypeKind.Map ? entry : CelType.AnyMap;
            default:
                return CelType.Map(key, body);
        }
    }

    private (CelType Key, CelType Value) Iterated(CelType range, ComprehensionExpr loop)
    {
        switch (range.Kind)
        {
            case CelTypeKind.List when loop.Macro is not (MacroKind.MapValues or MacroKind.FilterKeys):
                return (CelType.Int, range.Parameters[0]);
            case CelTypeKind.Map when loop.Macro != MacroKind.SortBy:
                return (range.Parameters[0], range.Parameters[1]);
            case CelTypeKind.Object when loop.Macro != MacroKind.SortBy:
                return (CelType.String, CelType.Dyn);
            case CelTypeKind.Dyn or CelTypeKind.Error or CelTypeKind.Parameter:
                _types.Assignable(CelType.Dyn, range);
                return (CelType.Dyn, CelType.Dyn);
            default:
                Report(loop.Range.Offset, $"expression of type '{_types.Apply(range, true)}' cannot be range of {loop.Name}()");
                return (CelType.Dyn, CelType.Dyn);
        }
    }

    private void ExpectBool(Expr expr, CelType type, string macro)
    {
        if (!_types.Assignable(type, CelType.Bool))
            Report(expr.Offset, $"{macro}() takes a bool condition, not '{_types.Apply(type, true)}'");
    }

    private CelType VisitBind(BindExpr bind)
    {
        var init = _types.Apply(Visit(bind.Init));
        var optional = bind.Bind is BindKind.OptMap or BindKind.OptFlatMap;
        var local = new LocalVariable(bind.Variable, optional ? Unwrap(init, bind.Init) : init);
        bind.Local = local;
        _scope.Add(local);
        var body = Visit(bind.Body);
        _scope.RemoveAt(_scope.Count - 1);
        return bind.Bind == BindKind.OptMap ? CelType.Optional(body) : body;
    }

    private CelType VisitBlock(BlockExpr block)
    {
        var before = _scope.Count;
        block.Locals = new LocalVariable[block.Slots.Length];
        for (var i = 0; i < block.Slots.Length; i++)
        {
            block.Locals[i] = new LocalVariable(string.Create(CultureInfo.InvariantCulture, $"@index{i}"), Visit(block.Slots[i]));
            _scope.Add(block.Locals[i]);
        }

        var body = Visit(block.Body);
        _scope.RemoveRange(before, _scope.Count - before);
        return body;
    }

    private LocalVariable? FindLocal(string name)
    {
        for (var i = _scope.Count - 1; i >= 0; i--)
        {
            if (_scope[i].Name == name)
                return _scope[i];
        }

        return null;
    }

    /// <summary>The dotted name of a chain of plain selections; null when its root is a local variable.</summary>
    private string? QualifiedName(Expr expr) => expr switch
    {
        IdentExpr ident => ident.Absolute ? "." + ident.Name : FindLocal(ident.Name) is null ? ident.Name : null,
        SelectExpr { Test: false, Optional: false } select => QualifiedName(select.Operand) is { } prefix ? prefix + "." + select.Field : null,
        _ => null,
    };

    private Reference? ResolveQualified(string name) => name[0] == '.' ? Resolve(name[1..], true) : Resolve(name, false);

    private Reference? Resolve(string name, bool absolute)
    {
        if (!absolute)
        {
            for (var container = environment.Container; container.Length > 0; container = container[..Math.Max(0, container.LastIndexOf('.'))])
            {
                if (environment.Find(container + "." + name) is { } found)
                    return found;
            }
        }

        return environment.Find(name);
    }
}

using System.Collections.Immutable;
using AgentGateway.Cel.Checking;
using AgentGateway.Cel.Functions;
using AgentGateway.Cel.Messages;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Evaluation;

/// <summary>Turns a checked syntax tree into evaluation steps: names become slots and member numbers, constant parts are computed, frequent forms get steps of their own.</summary>
internal sealed class Planner(CelEnvironment environment, DiagnosticBag diagnostics)
{
    private const int DynamicMember = -1;
    private readonly Dictionary<string, CelName> _names = new(StringComparer.Ordinal);
    private int _nextLocal;
    private int _nodes;

    /// <summary>Size of the frame.</summary>
    public int LocalCount { get; private set; }

    /// <summary>Number of steps planned.</summary>
    public int NodeCount => _nodes;

    private bool Lenient(CelLeniency option) => (environment.Leniency & option) != 0;

    /// <summary>Plans an expression; the parameters take the first locals.</summary>
    public Node Plan(Expr expr, params ReadOnlySpan<LocalVariable> parameters)
    {
        foreach (var parameter in parameters)
            Declare(parameter);
        return Visit(expr);
    }

    private void Declare(LocalVariable local)
    {
        local.Slot = _nextLocal++;
        LocalCount = Math.Max(LocalCount, _nextLocal);
    }

    private Node Visit(Expr expr)
    {
        _nodes++;
        switch (expr)
        {
            case ConstExpr constant:
                return new ConstNode(constant.Value);
            case { Reference: VariableReference variable }:
                return new VariableNode(variable.Variable);
            case { Reference: LocalReference local }:
                return new LocalNode(local.Local.Slot);
            case { Reference: ConstantReference constant }:
                return new ConstNode(constant.Value);
            case IdentExpr ident:
                return new ErrorNode(CelValue.FromError(CelErrorCode.UndeclaredReference, $"undeclared reference to '{ident.Name}'"));
            case SelectExpr select:
                return Select(select);
            case CallExpr call:
                return Call(call);
            case ListExpr list:
                return Fold(new ListNode(VisitAll(list.Elements), list.Optional), list.Optional is null && list.Elements.All(IsLiteral));
            case MapExpr map:
                return Map(map);
            case ComprehensionExpr loop:
                return Loop(loop);
            case BindExpr bind:
                return Bind(bind);
            case BlockExpr block:
                return Block(block);
            case StructExpr { WellKnown: { } type } message:
                return WellKnown(message, type);
            default:
                return new ErrorNode(EvalErrors.NoMessages);
        }
    }

    private ImmutableArray<Node> VisitAll(Expr[] items)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>(items.Length);
        foreach (var item in items)
            nodes.Add(Visit(item));
        return nodes.MoveToImmutable();
    }

    private CelName Name(string text)
    {
        if (!_names.TryGetValue(text, out var name))
            _names.Add(text, name = new CelName(text));
        return name;
    }

    private Node Select(SelectExpr select)
    {
        if (select.Test)
            return new HasNode(Visit(select.Operand), Name(Canonical(select.Operand, select.Field)), Lenient(CelLeniency.NullHasNoMembers));
        return select.Optional
            ? new OptionalSelectNode(Visit(select.Operand), Name(Canonical(select.Operand, select.Field)))
            : Member(select.Operand, select.Field);
    }

    private Node Member(Expr operand, string field)
    {
        var type = operand.Type.ObjectType;
        CelMember? member = null;
        type?.TryFind(field, out member);
        var node = Visit(operand);
        var step = member is null && type?.IsOpen != true
            ? new MemberStep(null, DynamicMember, Name(field))
            : new MemberStep(type, member?.Id ?? DynamicMember, Name(member?.Name ?? field));
        return node switch
        {
            VariableNode variable => new MemberPathNode(variable.Variable, step),
            MemberPathNode path => path.Append(step),
            _ => new SelectNode(node, step),
        };
    }

    /// <summary>The declared spelling of a member.</summary>
    private static string Canonical(Expr operand, string field) => operand.Type.ObjectType is { } type && type.TryFind(field, out var member) ? member.Name : field;

    private Node Call(CallExpr call)
    {
        var args = call.Args;
        switch (call.Function)
        {
            case Operators.And or Operators.Or:
                return new LogicNode(call.Function == Operators.Or, VisitAll(args));
            case Operators.Not:
                return Fold(new NotNode(Visit(args[0])), IsLiteral(args[0]));
            case Operators.Negate:
                return Fold(new NegateNode(Visit(args[0])), IsLiteral(args[0]));
            case Operators.Conditional:
                return new ConditionalNode(Visit(args[0]), Visit(args[1]), Visit(args[2]));
            case Operators.Equal or Operators.NotEqual:
                return Equality(call);
            case Operators.Less or Operators.LessEqual or Operators.Greater or Operators.GreaterEqual:
                var order = call.Function switch { Operators.Less => Order.Less, Operators.LessEqual => Order.LessEqual, Operators.Greater => Order.Greater, _ => Order.GreaterEqual };
                return Fold(new CompareNode(Visit(args[0]), Visit(args[1]), order), args.All(IsLiteral));
            case Operators.In:
                return new InNode(Visit(args[0]), Visit(args[1]), Lenient(CelLeniency.StringInString));
            case Operators.Add or Operators.Subtract or Operators.Multiply or Operators.Divide or Operators.Modulo:
                var operation = call.Function switch { Operators.Add => Arithmetic.Add, Operators.Subtract => Arithmetic.Subtract, Operators.Multiply => Arithmetic.Multiply, Operators.Divide => Arithmetic.Divide, _ => Arithmetic.Modulo };
                return Fold(new ArithmeticNode(Visit(args[0]), Visit(args[1]), operation, Lenient(CelLeniency.MixedIntegers)), args.All(IsLiteral));
            case Operators.Index when args[1] is ConstExpr { Value.Kind: CelKind.String } key:
                return Member(args[0], key.Value.AsString());
            case Operators.Index:
                return new IndexNode(Visit(args[0]), Visit(args[1]));
            case Operators.OptionalIndex when args[1] is ConstExpr { Value.Kind: CelKind.String } key:
                return new OptionalSelectNode(Visit(args[0]), Name(Canonical(args[0], key.Value.AsString())));
            case Operators.OptionalIndex:
                return new OptionalIndexNode(Visit(args[0]), Visit(args[1]));
            default:
                return Function(call);
        }
    }

    private Node Equality(CallExpr call)
    {
        var negated = call.Function == Operators.NotEqual;
        var left = Visit(call.Args[0]);
        var right = Visit(call.Args[1]);
        if (right is ConstNode { Value.Kind: CelKind.String } literal && left is not ConstNode)
            return new EqualStringNode(left, literal.Value.AsString(), negated);
        if (left is ConstNode { Value.Kind: CelKind.String } reversed && right is not ConstNode)
            return new EqualStringNode(right, reversed.Value.AsString(), negated);
        return Fold(new EqualNode(left, right, negated), left is ConstNode && right is ConstNode);
    }

    private Node Function(CallExpr call)
    {
        var name = call.QualifiedName ?? call.Function;
        var isMethod = call.Target is not null && call.QualifiedName is null;
        var count = call.Args.Length + (isMethod ? 1 : 0);
        if (environment.Custom.TryGetValue(name, out var custom) && custom.IsMethod == isMethod)
            return CustomCall(custom, call);
        if (environment.FindFunction(name) is not { } function)
        {
            // The target may hold variables of its own; it is planned so that its names are known, and never run.
            return new ErrorNode(CelValue.FromError(CelErrorCode.UndeclaredReference, $"undeclared reference to function '{name}'"));
        }

        var overloads = function.Overloads.Where(o => o.IsMethod == isMethod && o.AcceptsCount(count)).ToImmutableArray();
        var operands = isMethod ? [Visit(call.Target!), .. VisitAll(call.Args)] : VisitAll(call.Args);
        if (overloads.IsEmpty)
            return new ErrorNode(CelValue.FromError(CelErrorCode.NoSuchOverload, $"no such overload: {name} with {call.Args.Length} arguments"));
        var special = SpecialForms.Plan(name, isMethod, operands, environment, diagnostics, call);
        if (special is not null)
            return special;
        var foldable = operands.All(static n => n is ConstNode) && overloads.All(static o => !o.IsVolatile);
        return Fold(new CallNode(name, overloads, operands), foldable);
    }

    private Node CustomCall(CustomFunction function, CallExpr call)
    {
        var fixedCount = function.ParameterCount - (function.IsMethod ? 1 : 0) - (function.IsVariadic ? 1 : 0);
        if (function.IsVariadic ? call.Args.Length < fixedCount : call.Args.Length != fixedCount)
            return new ErrorNode(CelValue.FromError(CelErrorCode.NoSuchOverload, $"no such overload: {function.Name} with {call.Args.Length} arguments"));
        var args = ImmutableArray.CreateBuilder<Node>();
        if (function.IsMethod)
            args.Add(Visit(call.Target!));
        if (!function.IsVariadic)
        {
            args.AddRange(VisitAll(call.Args));
        }
        else
        {
            args.AddRange(VisitAll(call.Args[..fixedCount]));
            args.Add(new ListNode(VisitAll(call.Args[fixedCount..]), null));
        }

        return new CustomCallNode(function.Body, args.ToImmutable());
    }

    private Node Map(MapExpr map)
    {
        var entries = ImmutableArray.CreateBuilder<MapEntryNode>(map.Entries.Length);
        foreach (var entry in map.Entries)
            entries.Add(new MapEntryNode(Visit(entry.Key), Visit(entry.Value), entry.Optional));
        return Fold(new MapNode(entries.MoveToImmutable()), map.Entries.All(static e => !e.Optional && IsLiteral(e.Key) && IsLiteral(e.Value)));
    }

    private Node WellKnown(StructExpr message, WellKnownType type)
    {
        var fields = ImmutableArray.CreateBuilder<WellKnownField>(message.Fields.Length);
        foreach (var field in message.Fields)
        {
            var value = Visit(field.Value);
            var number = type.Find(field.Name);
            if (number < 0)
                return new ErrorNode(CelValue.FromError(CelErrorCode.NoSuchKey, $"no such field: {field.Name}"));
            fields.Add(new WellKnownField(number, value, field.Optional));
        }

        return Fold(new WellKnownNode(type, fields.MoveToImmutable()), message.Fields.All(static f => !f.Optional && IsLiteral(f.Value)));
    }

    private Node Loop(ComprehensionExpr loop)
    {
        var range = Visit(loop.Range);
        var before = _nextLocal;
        var nodesBefore = _nodes;
        Declare(loop.Local!);
        if (loop.Local2 is not null)
            Declare(loop.Local2);
        var filter = loop.Filter is null ? null : Visit(loop.Filter);
        var body = Visit(loop.Body);
        _nextLocal = before;
        var work = _nodes - nodesBefore + 1;
        var slot = loop.Local!.Slot;
        var slot2 = loop.Local2?.Slot ?? -1;
        return loop.Macro switch
        {
            MacroKind.All => new QuantifierNode(range, slot, slot2, body, decisive: false, work),
            MacroKind.Exists => new QuantifierNode(range, slot, slot2, body, decisive: true, work),
            MacroKind.ExistsOne => new ExistsOneNode(range, slot, slot2, body, work),
            MacroKind.Map or MacroKind.TransformList => new ListLoopNode(range, slot, slot2, filter, body, work),
            MacroKind.Filter => new ListLoopNode(range, slot, slot2, body, null, work),
            MacroKind.TransformMap => new MapLoopNode(range, slot, slot2, filter, body, work, mapOnly: false, bindsValue: false),
            MacroKind.MapValues => new MapLoopNode(range, slot, slot2, null, body, work, mapOnly: true, bindsValue: true),
            MacroKind.FilterKeys => new MapLoopNode(range, slot, slot2, body, null, work, mapOnly: true, bindsValue: false),
            MacroKind.TransformMapEntry => new MapEntryLoopNode(range, slot, slot2, filter, body, work),
            _ => new SortByNode(range, slot, body, work),
        };
    }

    private Node Bind(BindExpr bind)
    {
        var init = Visit(bind.Init);
        var before = _nextLocal;
        Declare(bind.Local!);
        var body = Visit(bind.Body);
        _nextLocal = before;
        return bind.Bind is BindKind.CelBind or BindKind.With
            ? new BindNode(init, bind.Local!.Slot, body)
            : new OptionalMapNode(init, bind.Local!.Slot, body, bind.Bind == BindKind.OptFlatMap);
    }

    private BlockNode Block(BlockExpr block)
    {
        var before = _nextLocal;
        var values = ImmutableArray.CreateBuilder<Node>(block.Slots.Length);
        for (var i = 0; i < block.Slots.Length; i++)
        {
            var value = Visit(block.Slots[i]);
            Declare(block.Locals[i]);
            values.Add(value);
        }

        var body = Visit(block.Body);
        _nextLocal = before;
        return new BlockNode(values.MoveToImmutable(), [.. block.Locals.Select(static l => l.Slot)], body);
    }

    private static bool IsLiteral(Expr expr) => expr switch
    {
        ConstExpr => true,
        ListExpr { Optional: null } list => list.Elements.All(IsLiteral),
        MapExpr map => map.Entries.All(static e => !e.Optional && IsLiteral(e.Key) && IsLiteral(e.Value)),
        CallExpr call => Operators.Precedence(call.Function) > 3 && call.Args.All(IsLiteral),
        _ => false,
    };

    /// <summary>Computes a constant part now, within a small budget; what does not fit it is left for the evaluation.</summary>
    private Node Fold(Node node, bool constant)
    {
        if (!constant)
            return node;
        var frame = new EvalFrame(NoVariables.Instance, FoldingLimits, []);
        var value = node.Eval(ref frame);
        return value.IsError || value.Kind == CelKind.Flattened ? node : new ConstNode(value);
    }

    private static readonly CelLimits FoldingLimits = new() { MaxWork = 10_000, MaxMemory = 256 * 1024, MaxValueSize = 64 * 1024 };

    private sealed class NoVariables : ICelActivation
    {
        public static readonly NoVariables Instance = new();

        public CelValue GetVariable(int slot) => default;
    }
}

using AgentGateway.Cel.Checking;
using AgentGateway.Cel.Messages;

namespace AgentGateway.Cel.Syntax;

/// <summary>A node of the syntax tree. The checker notes what it found in the fields marked so; the text of the expression stays as written.</summary>
internal abstract class Expr(int offset, int depth = 1)
{
    /// <summary>Height of the tree below and including this node.</summary>
    public int Depth { get; } = depth;

    /// <summary>Place in the source, in UTF-16 units: of an operator or call the operator, of anything else its start.</summary>
    public int Offset { get; } = offset;

    protected static int MaxDepth(Expr[] items)
    {
        var depth = 0;
        foreach (var item in items)
            depth = Math.Max(depth, item.Depth);
        return depth;
    }

    protected static int MaxDepth(MapEntry[] entries)
    {
        var depth = 0;
        foreach (var entry in entries)
            depth = Math.Max(depth, Math.Max(entry.Key.Depth, entry.Value.Depth));
        return depth;
    }

    protected static int MaxDepth(StructField[] fields)
    {
        var depth = 0;
        foreach (var field in fields)
            depth = Math.Max(depth, field.Value.Depth);
        return depth;
    }

    /// <summary>Set by the checker.</summary>
    public CelType Type { get; set; } = CelType.Dyn;

    /// <summary>Set by the checker: the variable or type that this name, or dotted name, means.</summary>
    public Reference? Reference { get; set; }
}

/// <summary>A literal.</summary>
internal sealed class ConstExpr(int offset, CelValue value) : Expr(offset)
{
    public CelValue Value { get; } = value;
}

/// <summary>A name.</summary>
internal sealed class IdentExpr(int offset, string name, bool absolute = false) : Expr(offset)
{
    public string Name { get; } = name;

    /// <summary>Written with a leading dot: not a comprehension variable, and not looked for in the container.</summary>
    public bool Absolute { get; } = absolute;
}

/// <summary><c>operand.field</c>, <c>operand.?field</c>, or, with <paramref name="test"/>, <c>has(operand.field)</c>.</summary>
internal sealed class SelectExpr(int offset, Expr operand, string field, bool optional = false, bool test = false, bool quoted = false) : Expr(offset, operand.Depth + 1)
{
    public Expr Operand { get; } = operand;

    public string Field { get; } = field;

    public bool Optional { get; } = optional;

    public bool Test { get; } = test;

    public bool Quoted { get; } = quoted;
}

/// <summary>A call of a function or an operator; operators have the names of <see cref="Operators"/>.</summary>
internal sealed class CallExpr(int offset, string function, Expr? target, Expr[] args) : Expr(offset, 1 + Math.Max(target?.Depth ?? 0, MaxDepth(args)))
{
    public string Function { get; } = function;

    public Expr? Target { get; } = target;

    public Expr[] Args { get; } = args;

    /// <summary>Set by the checker: the declared name when the target is only a part of it (<c>math.least</c>).</summary>
    public string? QualifiedName { get; set; }
}

/// <summary><c>[a, ?b]</c>.</summary>
internal sealed class ListExpr(int offset, Expr[] elements, bool[]? optional) : Expr(offset, 1 + MaxDepth(elements))
{
    public Expr[] Elements { get; } = elements;

    /// <summary>Which elements are optional; null when none is.</summary>
    public bool[]? Optional { get; } = optional;
}

/// <summary><c>{k: v, ?k: v}</c>.</summary>
internal sealed class MapExpr(int offset, MapEntry[] entries) : Expr(offset, 1 + MaxDepth(entries))
{
    public MapEntry[] Entries { get; } = entries;
}

internal readonly record struct MapEntry(Expr Key, Expr Value, bool Optional);

/// <summary><c>pkg.Type{field: v}</c>. There are no messages but those that are values of the language; of others the error can tell.</summary>
internal sealed class StructExpr(int offset, string typeName, StructField[] fields) : Expr(offset, 1 + MaxDepth(fields))
{
    public string TypeName { get; } = typeName;

    public StructField[] Fields { get; } = fields;

    /// <summary>Set by the checker: the type constructed, when it is known.</summary>
    public WellKnownType? WellKnown { get; set; }
}

internal readonly record struct StructField(string Name, Expr Value, bool Optional, bool Quoted);

/// <summary>A macro over the elements of a list or map.</summary>
internal sealed class ComprehensionExpr(int offset, MacroKind macro, string name, Expr range, string variable, string? variable2, Expr? filter, Expr body) : Expr(offset, 1 + Math.Max(Math.Max(range.Depth, filter?.Depth ?? 0), body.Depth))
{
    public MacroKind Macro { get; } = macro;

    /// <summary>The name as written: <c>exists_one</c> or <c>existsOne</c>.</summary>
    public string Name { get; } = name;

    public Expr Range { get; } = range;

    public string Variable { get; } = variable;

    public string? Variable2 { get; } = variable2;

    public Expr? Filter { get; } = filter;

    public Expr Body { get; } = body;

    /// <summary>Set by the checker.</summary>
    public LocalVariable? Local { get; set; }

    /// <summary>Set by the checker.</summary>
    public LocalVariable? Local2 { get; set; }
}

/// <summary>A macro that names a value: <c>cel.bind(v, init, body)</c>, <c>init.with(v, body)</c>, <c>init.optMap(v, body)</c>, <c>init.optFlatMap(v, body)</c>.</summary>
internal sealed class BindExpr(int offset, BindKind bind, string variable, Expr init, Expr body) : Expr(offset, 1 + Math.Max(init.Depth, body.Depth))
{
    public BindKind Bind { get; } = bind;

    public string Variable { get; } = variable;

    public Expr Init { get; } = init;

    public Expr Body { get; } = body;

    /// <summary>Set by the checker.</summary>
    public LocalVariable? Local { get; set; }
}

/// <summary><c>cel.block([a, b], body)</c>: named by place, each visible to the later ones.</summary>
internal sealed class BlockExpr(int offset, Expr[] slots, Expr body) : Expr(offset, 1 + Math.Max(MaxDepth(slots), body.Depth))
{
    public Expr[] Slots { get; } = slots;

    public Expr Body { get; } = body;

    /// <summary>Set by the checker.</summary>
    public LocalVariable[] Locals { get; set; } = [];
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentGateway.Cel.Checking;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Functions;
using AgentGateway.Cel.Messages;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel;

/// <summary>What expressions may use, declared once. Immutable and thread-safe.</summary>
public sealed class CelEnvironment
{
    private readonly FrozenDictionary<string, Reference> _names;
    private readonly FrozenDictionary<string, CelFunction> _functions;
    private readonly IReadOnlyDictionary<string, CelType> _types;

    internal CelEnvironment(
        ImmutableArray<CelVariable> variables,
        IReadOnlyDictionary<string, CelFunction> functions,
        IReadOnlyDictionary<string, CelType> types,
        IReadOnlyDictionary<string, CelValue> constants,
        CelLibraries libraries,
        CelLeniency leniency,
        CelLimits limits,
        bool strict,
        string container)
    {
        Variables = variables;
        Libraries = libraries;
        Leniency = leniency;
        Limits = limits;
        Strict = strict;
        Container = container;
        _types = types;
        _functions = functions.ToFrozenDictionary(StringComparer.Ordinal);
        var names = new Dictionary<string, Reference>(StringComparer.Ordinal);
        foreach (var type in TypeNames.All.Concat(types.Values).Where(t => t.Kind != CelTypeKind.Object))
            names[type.Name] = new ConstantReference(CelValue.FromType(type));
        var wellKnown = (libraries & CelLibraries.WellKnownTypes) != 0 ? WellKnownTypes.Constants : [];
        foreach (var (name, value) in wellKnown.Concat(constants))
            names[name] = new ConstantReference(value);
        foreach (var variable in variables)
            names[variable.Name] = new VariableReference(variable);
        _names = names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private CelEnvironment(CelEnvironment basis, FrozenDictionary<string, CustomFunction> custom, FrozenDictionary<string, CelFunction> functions)
    {
        Variables = basis.Variables;
        Libraries = basis.Libraries;
        Leniency = basis.Leniency;
        Limits = basis.Limits;
        Strict = basis.Strict;
        Container = basis.Container;
        _types = basis._types;
        _names = basis._names;
        _functions = functions;
        Custom = custom;
    }

    /// <summary>The declared root variables.</summary>
    public ImmutableArray<CelVariable> Variables { get; }

    /// <summary>The declared functions, operators included (their names are no identifiers).</summary>
    public IReadOnlyList<CelFunction> Functions => _functions.Values;

    /// <summary>The library parts included.</summary>
    public CelLibraries Libraries { get; }

    /// <summary>Where this environment is more permissive than the language.</summary>
    public CelLeniency Leniency { get; }

    /// <summary>Bounds of compilation and evaluation.</summary>
    public CelLimits Limits { get; }

    /// <summary>Whether the checker's findings are errors.</summary>
    public bool Strict { get; }

    /// <summary>Namespace that names are looked up in first.</summary>
    public string Container { get; }

    internal FrozenDictionary<string, CustomFunction> Custom { get; } = FrozenDictionary<string, CustomFunction>.Empty;

    /// <summary>Compiles an expression.</summary>
    /// <param name="source">Its text.</param>
    /// <returns>The program, or the errors; never throws for bad text.</returns>
    public CelCompilation Compile(string source) => Compile(source, Strict);

    /// <summary>Compiles an expression, choosing how strictly it is checked.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="strict">True to make unknown names, wrong arity and type conflicts errors.</param>
    public CelCompilation Compile(string source, bool strict)
    {
        ArgumentNullException.ThrowIfNull(source);
        var diagnostics = new DiagnosticBag(source, Limits.MaxDiagnostics);
        if (Parser.Parse(source, Libraries, Limits, diagnostics) is not { } expr)
            return new CelCompilation(source, null, diagnostics.Items);
        var checker = new Checker(this, diagnostics, strict);
        var type = checker.Check(expr);
        if (Custom.Count > 0 && expr.Depth + CustomDepth(expr) > Limits.MaxNesting * 2)
            diagnostics.Error(0, $"expression and the custom functions it calls are nested deeper than {Limits.MaxNesting * 2} levels");
        if (diagnostics.HasErrors)
            return new CelCompilation(source, null, diagnostics.Items);
        var planner = new Planner(this, diagnostics);
        var root = planner.Plan(expr);
        if (diagnostics.HasErrors)
            return new CelCompilation(source, null, diagnostics.Items);
        var program = new CelProgram(source, expr, root, planner.LocalCount, AttributeCollector.Collect(expr, this), type, diagnostics.Items, Limits);
        return new CelCompilation(source, program, diagnostics.Items);
    }

    /// <summary>This environment with the functions of <c>config.customFunctions</c> added.</summary>
    /// <param name="source">Definitions: <c>name(a, rest...) { expr }</c> and <c>this.name(a) { expr }</c>; <c>#</c> and <c>//</c> begin comments.</param>
    /// <param name="diagnostics">All errors and warnings; the functions were added when none is an error.</param>
    /// <returns>The larger environment, or this one after an error.</returns>
    public CelEnvironment WithCustomFunctions(string source, out IReadOnlyList<CelDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        var bag = new DiagnosticBag(source, Limits.MaxDiagnostics);
        var functions = CustomFunctionCompiler.Compile(this, source, bag);
        diagnostics = bag.Items;
        return functions ?? this;
    }

    /// <summary>Finds a function by its name.</summary>
    /// <param name="name">The name, with its namespace.</param>
    public CelFunction? FindFunction(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _functions.GetValueOrDefault(name);
    }

    private int CustomDepth(Expr expr)
    {
        var depth = 0;
        foreach (var call in CalledNames.In(expr))
        {
            if (Custom.TryGetValue(call.Function, out var function))
                depth = Math.Max(depth, function.Depth);
        }

        return depth;
    }

    internal Reference? Find(string name) => _names.GetValueOrDefault(name);

    internal CelEnvironment With(FrozenDictionary<string, CustomFunction> custom, IEnumerable<CelFunction> functions)
    {
        var all = new Dictionary<string, CelFunction>(_functions, StringComparer.Ordinal);
        foreach (var function in functions)
            all[function.Name] = function;
        return new CelEnvironment(this, custom, all.ToFrozenDictionary(StringComparer.Ordinal));
    }
}

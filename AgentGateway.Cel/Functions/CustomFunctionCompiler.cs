using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentGateway.Cel.Checking;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Functions;

/// <summary>
/// Compiles the text of <c>config.customFunctions</c>. A function may call others, in any order, but not itself, directly or through others;
/// names of existing functions and macros are taken.
/// </summary>
internal sealed class CustomFunctionCompiler
{
    private readonly DiagnosticBag _diagnostics;
    private readonly Dictionary<string, FunctionDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CustomFunction> _compiled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private CelEnvironment _environment;

    private CustomFunctionCompiler(CelEnvironment environment, DiagnosticBag diagnostics)
    {
        _environment = environment;
        _diagnostics = diagnostics;
    }

    /// <summary>The environment with the functions added; null after reported errors.</summary>
    public static CelEnvironment? Compile(CelEnvironment environment, string source, DiagnosticBag diagnostics)
    {
        if (source.Length > environment.Limits.MaxSourceLength)
        {
            diagnostics.Error(0, $"custom functions are longer than {environment.Limits.MaxSourceLength} characters");
            return null;
        }

        var definitions = Parser.ParseDefinitions(source, environment.Libraries, environment.Limits, diagnostics);
        if (diagnostics.HasErrors)
            return null;
        var compiler = new CustomFunctionCompiler(environment, diagnostics);
        foreach (var definition in definitions)
            compiler.Declare(definition);
        foreach (var definition in definitions)
            compiler.Compile(definition);
        return diagnostics.HasErrors ? null : compiler._environment;
    }

    private void Declare(FunctionDefinition definition)
    {
        var name = definition.Name;
        if (Macros.IsMacro(name) || _environment.FindFunction(name) is not null)
            _diagnostics.Error(definition.Offset, $"'{name}' is the name of an existing function and cannot be defined again");
        else if (!_definitions.TryAdd(name, definition))
            _diagnostics.Error(definition.Offset, $"function '{name}' is defined twice");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in definition.Parameters)
        {
            if (!names.Add(parameter))
                _diagnostics.Error(definition.Offset, $"function '{name}' has two parameters '{parameter}'");
        }
    }

    private void Compile(FunctionDefinition definition)
    {
        if (_diagnostics.HasErrors || _compiled.ContainsKey(definition.Name))
            return;
        _open.Add(definition.Name);
        var depth = 0;
        foreach (var call in CalledNames.In(definition.Body))
        {
            if (_open.Contains(call.Function))
            {
                _diagnostics.Error(call.Offset, $"function '{definition.Name}' calls itself by way of '{call.Function}'; custom functions cannot be recursive");
                return;
            }

            if (_definitions.TryGetValue(call.Function, out var callee))
                Compile(callee);
            if (_diagnostics.HasErrors)
                return;
            if (_environment.Custom.TryGetValue(call.Function, out var compiled))
                depth = Math.Max(depth, compiled.Depth);
        }

        _open.Remove(definition.Name);
        depth += definition.Body.Depth + 1;
        if (depth > _environment.Limits.MaxNesting)
        {
            _diagnostics.Error(definition.Offset, $"function '{definition.Name}' and those it calls are nested deeper than {_environment.Limits.MaxNesting} levels");
            return;
        }

        Add(definition, depth);
    }

    private void Add(FunctionDefinition definition, int depth)
    {
        var parameters = definition.Parameters.Select((name, i) =>
            new LocalVariable(name, definition.IsVariadic && i == definition.Parameters.Count - 1 ? CelType.AnyList : CelType.Dyn)).ToArray();
        var result = new Checker(_environment, _diagnostics, _environment.Strict).Check(definition.Body, parameters);
        if (_diagnostics.HasErrors)
            return;
        var planner = new Planner(_environment, _diagnostics);
        var root = planner.Plan(definition.Body, parameters);
        var body = new CustomFunctionBody(root, planner.LocalCount, planner.NodeCount + 1);
        var custom = new CustomFunction(definition.Name, definition.IsMethod, definition.IsVariadic, parameters.Length, body, AttributeCollector.Collect(definition.Body, _environment), depth);
        _compiled.Add(definition.Name, custom);

        var function = new CelFunction(definition.Name);
        var types = parameters.Select((p, i) => definition.IsVariadic && i == parameters.Length - 1 ? CelType.Dyn : p.Type).ToImmutableArray();
        function.Add(new CelOverload(definition.Name, definition.IsMethod, types, definition.IsVariadic, result.Kind == CelTypeKind.Error ? CelType.Dyn : result, NotCalled, isVolatile: true, definition.Signature, "Defined in the configuration."));
        var all = new Dictionary<string, CustomFunction>(_environment.Custom, StringComparer.Ordinal) { [definition.Name] = custom };
        _environment = _environment.With(all.ToFrozenDictionary(StringComparer.Ordinal), [function]);
    }

    private static readonly CelFunctionBody NotCalled = static (in CelCall call) => EvalErrors.NoOverload("custom function", call.Args);
}

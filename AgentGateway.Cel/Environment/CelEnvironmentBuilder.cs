using AgentGateway.Cel.Functions;

namespace AgentGateway.Cel;

/// <summary>Declares what expressions may use: variables, functions, libraries, and how strictly.</summary>
public sealed class CelEnvironmentBuilder
{
    private readonly Dictionary<string, CelVariable> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CelValue> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CelType> _types = new(StringComparer.Ordinal)
    {
        ["ip"] = NetworkLibrary.IpType,
        ["cidr"] = NetworkLibrary.CidrType,
        ["redacted"] = CelRedacted.DeclaredType,
    };

    private readonly List<(string Signature, bool IsMethod, CelFunctionBody Body, bool IsVolatile, string Description)> _functions = [];

    /// <summary>The library parts to include; all but the optimiser's block form by default.</summary>
    public CelLibraries Libraries { get; set; } = CelLibraries.All & ~CelLibraries.Block;

    /// <summary>Where to be more permissive than the language; nowhere by default.</summary>
    public CelLeniency Leniency { get; set; }

    /// <summary>True to make the checker's findings errors; warnings by default.</summary>
    public bool Strict { get; set; }

    /// <summary>Namespace that names are looked up in first; none by default.</summary>
    public string Container { get; set; } = "";

    /// <summary>Bounds of compilation and evaluation.</summary>
    public CelLimits Limits { get; set; } = CelLimits.Default;

    /// <summary>Declares a root variable.</summary>
    /// <param name="name">Its name; may be dotted.</param>
    /// <param name="slot">The number the activation is asked with, 0 to 63; two names may share one.</param>
    /// <param name="type">Its type.</param>
    /// <param name="description">One sentence for the documentation.</param>
    public CelEnvironmentBuilder AddVariable(string name, int slot, CelType type, string description = "")
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slot, CelAttributes.MaxSlot);
        _variables[name] = new CelVariable(name, slot, type, description);
        return this;
    }

    /// <summary>Declares a constant: a name for a value, such as an enum constant of protobuf, which is an int.</summary>
    /// <param name="name">Its name; may be dotted. A variable of the same name hides it.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The value is absent or an error.</exception>
    public CelEnvironmentBuilder AddConstant(string name, CelValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (value.IsAbsent || value.IsError)
            throw new ArgumentException("A constant has a value.", nameof(value));
        _constants[name] = value;
        return this;
    }

    /// <summary>Names an opaque or object type for use in signatures and, under its own name, in expressions.</summary>
    /// <param name="alias">The name in signatures.</param>
    /// <param name="type">The type.</param>
    public CelEnvironmentBuilder AddType(string alias, CelType type)
    {
        _types[alias] = type;
        return this;
    }

    /// <summary>Declares an overload of a function: <c>math.least(A...) -> A</c>. Capital letters are type variables.</summary>
    /// <param name="signature">Name, parameter types and result type.</param>
    /// <param name="body">Its code.</param>
    /// <param name="description">One sentence for the documentation.</param>
    /// <param name="isVolatile">True when equal arguments need not give equal results.</param>
    public CelEnvironmentBuilder AddFunction(string signature, CelFunctionBody body, string description = "", bool isVolatile = false)
    {
        _functions.Add((signature, false, body, isVolatile, description));
        return this;
    }

    /// <summary>Declares an overload of a method: <c>string.charAt(int) -> string</c>.</summary>
    /// <param name="signature">Receiver type, name, parameter types and result type.</param>
    /// <param name="body">Its code; the receiver is the first argument.</param>
    /// <param name="description">One sentence for the documentation.</param>
    /// <param name="isVolatile">True when equal arguments need not give equal results.</param>
    public CelEnvironmentBuilder AddMethod(string signature, CelFunctionBody body, string description = "", bool isVolatile = false)
    {
        _functions.Add((signature, true, body, isVolatile, description));
        return this;
    }

    /// <summary>Finishes the declaration.</summary>
    /// <exception cref="FormatException">A signature does not parse.</exception>
    public CelEnvironment Build()
    {
        var functions = new Dictionary<string, CelFunction>(StringComparer.Ordinal);
        var library = new LibraryBuilder(_types, functions);
        StandardLibraries.Register(library, Libraries, Leniency);
        foreach (var (signature, isMethod, body, isVolatile, description) in _functions)
            library.Add(signature, isMethod, body, description, isVolatile);
        return new CelEnvironment([.. _variables.Values], functions, _types, _constants, Libraries, Leniency, Limits, Strict, Container);
    }
}

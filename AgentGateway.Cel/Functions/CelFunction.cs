namespace AgentGateway.Cel;

/// <summary>All overloads of one function name.</summary>
public sealed class CelFunction
{
    private readonly List<CelOverload> _overloads = [];

    internal CelFunction(string name) => Name = name;

    /// <summary>The name, with its namespace.</summary>
    public string Name { get; }

    /// <summary>Its signatures.</summary>
    public IReadOnlyList<CelOverload> Overloads => _overloads;

    internal void Add(CelOverload overload) => _overloads.Add(overload);
}

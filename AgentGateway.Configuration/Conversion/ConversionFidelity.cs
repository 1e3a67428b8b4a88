namespace AgentGateway.Configuration.Conversion;

/// <summary>How well a value was carried over.</summary>
public enum ConversionFidelity
{
    /// <summary>With the same meaning.</summary>
    Exact,

    /// <summary>With a meaning that is close, and named.</summary>
    Approximate,

    /// <summary>Not carried over: a person has to decide.</summary>
    Manual,

    /// <summary>Not carried over: there is nothing like it here.</summary>
    Unsupported,
}

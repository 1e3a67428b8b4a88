namespace AgentGateway.Cel;

/// <summary>Where an environment is more permissive than the definition of the language.</summary>
[Flags]
public enum CelLeniency
{
    /// <summary>As the language is defined.</summary>
    None = 0,

    /// <summary>int and uint mix in arithmetic where the result is exact: <c>llm.inputTokens + 1</c>.</summary>
    MixedIntegers = 1 << 0,

    /// <summary><c>"b" in "abc"</c> asks for a part of a string.</summary>
    StringInString = 1 << 1,

    /// <summary><c>has(jwt.sub)</c> is false, not an error, when <c>jwt</c> is null or not there.</summary>
    NullHasNoMembers = 1 << 2,

    /// <summary><c>substring</c> cuts an end past the string to its length; <c>indexOf</c> and <c>lastIndexOf</c> take a place past the end for the end.</summary>
    TruncatingSubstring = 1 << 3,

    /// <summary>The checker lets values of different types meet in <c>==</c>, <c>in</c> and <c>?:</c>.</summary>
    LooseTypes = 1 << 4,

    /// <summary>All of them.</summary>
    All = MixedIntegers | StringInString | NullHasNoMembers | TruncatingSubstring | LooseTypes,
}

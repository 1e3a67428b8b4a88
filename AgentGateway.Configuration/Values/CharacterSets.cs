using System.Buffers;

namespace AgentGateway.Configuration;

/// <summary>Sets of characters that names are made of.</summary>
internal static class CharacterSets
{
    private const string AlphaNumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static SearchValues<char> HexDigits { get; } = SearchValues.Create("0123456789abcdefABCDEF");

    public static SearchValues<char> DecimalNumber { get; } = SearchValues.Create("0123456789.");

    /// <summary>RFC 9110 token.</summary>
    public static SearchValues<char> Token { get; } = SearchValues.Create("!#$%&'*+-.^_`|~" + AlphaNumeric);

    public static SearchValues<char> Hostname { get; } = SearchValues.Create("-._" + AlphaNumeric);

    /// <summary>Session names of AWS STS.</summary>
    public static SearchValues<char> SessionName { get; } = SearchValues.Create("_+=,.@-" + AlphaNumeric);

    public static SearchValues<char> HostPattern { get; } = SearchValues.Create("-._:[]" + AlphaNumeric);

    public static SearchValues<char> TargetName { get; } = SearchValues.Create("-." + AlphaNumeric);

    /// <summary>What means something inside the brackets of YAML's flow style.</summary>
    public static SearchValues<char> YamlFlow { get; } = SearchValues.Create(",[]{}#&*!|>%@`\"");

    /// <summary>What environment expansion takes for a name.</summary>
    public static SearchValues<char> VariableName { get; } = SearchValues.Create("_" + AlphaNumeric);
}

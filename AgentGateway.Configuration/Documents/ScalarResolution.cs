using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentGateway.Configuration.Documents;

/// <summary>Gives a scalar its meaning by the YAML 1.2 core schema: <c>yes</c>, <c>on</c> and <c>1:30</c> are plain strings. So is <c>0123</c>.</summary>
internal static class ScalarResolution
{
    public const string UnsupportedTag = "this YAML tag is not supported; remove it";

    public static ScalarKind Resolve(Scalar scalar, out string? problem)
    {
        problem = null;
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
        {
            return FromTag(scalar, out problem);
        }

        return scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty ? FromPlain(scalar.Value) : ScalarKind.Text;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ScalarKind FromPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
        _ when HasLeadingZero(text) => ScalarKind.Text,
        _ when IsInteger(text) => ScalarKind.Integer,
        _ when IsNumber(text) => ScalarKind.Number,
        _ => ScalarKind.Text,
    };

    // An account number or a code, not a number: the original reads digits after a zero as a string, too.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool HasLeadingZero(string text)
    {
        var span = WithoutSign(text);
        return span.Length > 1 && span[0] == '0' && !span.ContainsAnyExceptInRange('0', '9');
    }

    private static ScalarKind FromTag(Scalar scalar, out string? problem)
    {
        problem = null;
        var plain = FromPlain(scalar.Value);
        switch (scalar.Tag.Value)
        {
            case "tag:yaml.org,2002:str":
                return ScalarKind.Text;
            case "tag:yaml.org,2002:int" when plain == ScalarKind.Integer:
            case "tag:yaml.org,2002:bool" when plain == ScalarKind.Boolean:
            case "tag:yaml.org,2002:null" when plain == ScalarKind.Null:
                return plain;
            case "tag:yaml.org,2002:float" when plain is ScalarKind.Number or ScalarKind.Integer:
                return ScalarKind.Number;
            default:
                problem = UnsupportedTag;
                return plain;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsInteger(string text)
    {
        var span = text.AsSpan();
        if (span.StartsWith("0x"))
        {
            return span.Length > 2 && !span[2..].ContainsAnyExcept(CharacterSets.HexDigits);
        }

        if (span.StartsWith("0o"))
        {
            return span.Length > 2 && !span[2..].ContainsAnyExceptInRange('0', '7');
        }

        span = WithoutSign(span);
        return span.Length > 0 && !span.ContainsAnyExceptInRange('0', '9');
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsNumber(string text)
    {
        if (text is ".nan" or ".NaN" or ".NAN")
        {
            return true;
        }

        var span = WithoutSign(text);
        if (span is ".inf" or ".Inf" or ".INF")
        {
            return true;
        }

        var whole = Digits(ref span);
        var fraction = 0;
        if (span.StartsWith('.'))
        {
            span = span[1..];
            fraction = Digits(ref span);
        }

        if (whole + fraction == 0)
        {
            return false;
        }

        if (span.Length > 0 && span[0] is 'e' or 'E')
        {
            span = WithoutSign(span[1..]);
            return Digits(ref span) > 0 && span.IsEmpty;
        }

        return span.IsEmpty;
    }

    /// <summary>Passes over digits and says how many there were.</summary>
    internal static int Digits(ref ReadOnlySpan<char> span)
    {
        var count = span.IndexOfAnyExceptInRange('0', '9');
        count = count < 0 ? span.Length : count;
        span = span[count..];
        return count;
    }

    private static ReadOnlySpan<char> WithoutSign(ReadOnlySpan<char> span) => span.Length > 0 && span[0] is '+' or '-' ? span[1..] : span;
}

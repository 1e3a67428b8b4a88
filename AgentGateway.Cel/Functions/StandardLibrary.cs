using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The functions every environment has, besides conversions and times.</summary>
internal static class StandardLibrary
{
    public static void Register(LibraryBuilder library)
    {
        foreach (var type in (string[])["string", "bytes", "list(A)", "map(A, B)"])
        {
            library.Function($"size({type}) -> int", Size, "Number of code points, bytes, elements or entries.");
            library.Method($"{type}.size() -> int", Size, "Number of code points, bytes, elements or entries.");
        }

        library.Method("string.contains(string) -> bool", static (in CelCall call) =>
            call.Frame.TrySearch(call[0].AsString().Length, call[1].AsString().Length) ? CelValue.FromBool(call[0].AsString().Contains(call[1].AsString(), StringComparison.Ordinal)) : EvalErrors.WorkLimit, "Whether the string has this part.");
        library.Method("string.startsWith(string) -> bool", static (in CelCall call) => CelValue.FromBool(call[0].AsString().StartsWith(call[1].AsString(), StringComparison.Ordinal)), "Whether the string begins so.");
        library.Method("string.endsWith(string) -> bool", static (in CelCall call) => CelValue.FromBool(call[0].AsString().EndsWith(call[1].AsString(), StringComparison.Ordinal)), "Whether the string ends so.");
        library.Method("string.matches(string) -> bool", Matches, "Whether a part of the string matches the regular expression.");
        library.Function("matches(string, string) -> bool", Matches, "Whether a part of the string matches the regular expression.");
        library.Function("type(A) -> type(A)", static (in CelCall call) => CelValue.FromType(call[0].RuntimeType), "The type of a value.");
        library.Function("dyn(A) -> dyn", static (in CelCall call) => call[0], "The value, unknown to the checker.");
    }

    private static CelValue Size(in CelCall call)
    {
        ref readonly var value = ref call[0];
        return CelValue.FromInt(value.Kind switch
        {
            CelKind.String => CodePoints.Count(value.AsString()),
            CelKind.Bytes => value.AsBytes().Length,
            CelKind.List => value.AsList().Count,
            _ => value.AsMap().Count,
        });
    }

    private static CelValue Matches(in CelCall call) => RegexCache.Get(ref call.Frame, call[1].AsString()).IsMatch(ref call.Frame, call[0].AsString());
}

/// <summary><c>x.startsWith("literal")</c> and <c>x.endsWith("literal")</c>.</summary>
internal sealed class AffixNode(Node operand, string affix, bool atEnd) : ConditionNode
{
    private readonly MemberPathNode? _path = operand as MemberPathNode;

    public override Truth Test(ref EvalFrame frame)
    {
        var value = _path is not null ? _path.Eval(ref frame) : operand.Eval(ref frame);
        if (value.Ref is not string text)
        {
            if (value.Kind != CelKind.String)
            {
                frame.Other = EvalErrors.NoOverload(atEnd ? "endsWith" : "startsWith", value, CelValue.FromString(affix));
                return Truth.Other;
            }

            text = value.AsString();
        }

        return (atEnd ? text.AsSpan().EndsWith(affix) : text.AsSpan().StartsWith(affix)) ? Truth.True : Truth.False;
    }
}

/// <summary><c>x.matches("literal")</c>, with the expression compiled beforehand.</summary>
internal sealed class MatchesNode(Node operand, RegexPattern pattern) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        return value.Kind == CelKind.String ? pattern.IsMatch(ref frame, value.AsString()) : EvalErrors.NoOverload("matches", value, CelValue.FromString(""));
    }
}

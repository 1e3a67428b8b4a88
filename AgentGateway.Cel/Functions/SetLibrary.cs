using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The sets extension: lists taken as sets.</summary>
internal static class SetLibrary
{
    public static void Register(LibraryBuilder library)
    {
        library.Function("sets.contains(list(A), list(A)) -> bool", static (in CelCall call) => Operations.Result(ContainsAll(call, call[0], call[1]), false), "Whether the first list has all elements of the second.");
        library.Function("sets.equivalent(list(A), list(A)) -> bool", Equivalent, "Whether each list has all elements of the other.");
        library.Function("sets.intersects(list(A), list(A)) -> bool", Intersects, "Whether the lists have an element in common.");
    }

    private static CelValue Equivalent(in CelCall call)
    {
        var result = ContainsAll(call, call[0], call[1]);
        return Operations.Result(result == CelEquality.Equal ? ContainsAll(call, call[1], call[0]) : result, false);
    }

    private static CelValue Intersects(in CelCall call)
    {
        foreach (var item in call[1].AsList())
        {
            var result = Contains(call, call[0], item);
            if (result != CelEquality.NotEqual)
                return Operations.Result(result, false);
        }

        return CelValue.False;
    }

    private static int ContainsAll(in CelCall call, CelValue all, CelValue some)
    {
        foreach (var item in some.AsList())
        {
            var result = Contains(call, all, item);
            if (result != CelEquality.Equal)
                return result;
        }

        return CelEquality.Equal;
    }

    private static int Contains(in CelCall call, CelValue list, CelValue item)
    {
        foreach (var candidate in list.AsList())
        {
            var result = CelEquality.AreEqual(candidate, item, ref call.Frame.Work);
            if (result != CelEquality.NotEqual)
                return result;
        }

        return CelEquality.NotEqual;
    }
}

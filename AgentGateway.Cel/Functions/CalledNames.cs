using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Functions;

/// <summary>Finds the calls in an expression.</summary>
internal static class CalledNames
{
    public static List<CallExpr> In(Expr expr)
    {
        var calls = new List<CallExpr>();
        Visit(expr, calls);
        return calls;
    }

    private static void Visit(Expr expr, List<CallExpr> calls)
    {
        switch (expr)
        {
            case CallExpr call:
                calls.Add(call);
                if (call.Target is not null)
                    Visit(call.Target, calls);
                VisitAll(call.Args, calls);
                break;
            case SelectExpr select:
                Visit(select.Operand, calls);
                break;
            case ListExpr list:
                VisitAll(list.Elements, calls);
                break;
            case MapExpr map:
                foreach (var entry in map.Entries)
                {
                    Visit(entry.Key, calls);
                    Visit(entry.Value, calls);
                }

                break;
            case StructExpr message:
                foreach (var field in message.Fields)
                    Visit(field.Value, calls);
                break;
            case ComprehensionExpr loop:
                Visit(loop.Range, calls);
                if (loop.Filter is not null)
                    Visit(loop.Filter, calls);
                Visit(loop.Body, calls);
                break;
            case BindExpr bind:
                Visit(bind.Init, calls);
                Visit(bind.Body, calls);
                break;
            case BlockExpr block:
                VisitAll(block.Slots, calls);
                Visit(block.Body, calls);
                break;
        }
    }

    private static void VisitAll(Expr[] items, List<CallExpr> calls)
    {
        foreach (var item in items)
            Visit(item, calls);
    }
}

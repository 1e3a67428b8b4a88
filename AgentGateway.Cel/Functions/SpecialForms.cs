using System.Collections.Immutable;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Functions;

/// <summary>Functions that do not evaluate all their arguments first, or that have a faster form for constant ones.</summary>
internal static class SpecialForms
{
    public static Node? Plan(string name, bool isMethod, ImmutableArray<Node> args, CelEnvironment environment, DiagnosticBag diagnostics, CallExpr call)
    {
        switch (name)
        {
            case "default" when !isMethod && args.Length == 2:
                return new DefaultNode(args[0], args[1]);
            case "coalesce" when !isMethod && args.Length > 0:
                return new CoalesceNode(args);
            case "variables" when !isMethod && args.Length == 0:
                return new VariablesNode(environment.Variables);
            case "or" or "orValue" when isMethod && args.Length == 2:
                return new OptionalOrNode(args[0], args[1], unwrap: name == "orValue");
            case "startsWith" when isMethod && args[1] is ConstNode { Value.Kind: CelKind.String } literal:
                return new AffixNode(args[0], literal.Value.AsString(), atEnd: false);
            case "endsWith" when isMethod && args[1] is ConstNode { Value.Kind: CelKind.String } literal:
                return new AffixNode(args[0], literal.Value.AsString(), atEnd: true);
            case "matches" when args.Length == 2 && args[1] is ConstNode { Value.Kind: CelKind.String } literal:
                var pattern = RegexCache.Compile(literal.Value.AsString(), environment.Limits);
                if (pattern.Error.IsError)
                    diagnostics.Warning(call.Args[^1].Offset, pattern.Error.Error!.Message);
                return new MatchesNode(args[0], pattern);
            default:
                return null;
        }
    }
}

using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>Expressions of policies over the request under way.</summary>
internal static class RequestExpressions
{
    /// <summary>Compiles an expression of the configuration.</summary>
    /// <exception cref="FormatException">It does not compile.</exception>
    public static CelProgram Compile(Expression expression) => expression.Program;

    /// <summary>True when one of the expressions reads the request body, which then has to be kept before they are evaluated.</summary>
    public static bool ReadsBody(IEnumerable<CelProgram> programs)
    {
        foreach (var program in programs)
        {
            if (program.Attributes.Reads(GatewayVariables.Request, RequestMember.Body) || program.Attributes.Reads(GatewayVariables.Request, RequestMember.BodyPrefix))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Evaluates an expression.</summary>
    public static CelValue Evaluate(CelProgram program, RequestContext context) => program.Evaluate(context.Variables);

    /// <summary>The text of a string, number or boolean; null for anything else, an error among it.</summary>
    public static string? EvaluateText(CelProgram program, RequestContext context)
    {
        var value = Evaluate(program, context);
        return value.Kind switch
        {
            CelKind.String => value.AsString(),
            CelKind.Bytes => System.Text.Encoding.UTF8.GetString(value.AsBytes().Span),
            CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Bool => value.ToText(),
            _ => null,
        };
    }
}

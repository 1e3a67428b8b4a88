using AgentGateway.Cel;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>An expression, compiled at load so that its mistakes are found there.</summary>
internal sealed class ExpressionShape() : ScalarShape<Expression>(new Expression("false"))
{
    public override Description Describe(Catalogue catalogue) => new ScalarDescription("expression", ["string"], "request.path");

    protected override (string Expected, string Remedy) Wanted => ("an expression", "write it in quotes");

    protected override bool TryRead(ScalarNode scalar, Place place, out Expression value)
    {
        value = new Expression("false");
        if (scalar.Kind != ScalarKind.Text)
        {
            return false;
        }

        if (string.IsNullOrWhiteSpace(scalar.Text))
        {
            place.Error("invalid expression: it is empty; write a CEL expression, or remove the key");
            return true;
        }

        var compilation = place.Context.Compile(scalar.Text);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            var problem = scalar.FromEnvironment
                ? "parts of it come from the environment and are not shown"
                : $"{diagnostic.Message} (line {diagnostic.Line}, column {diagnostic.Column} of the expression)";
            if (diagnostic.Severity == CelDiagnosticSeverity.Error)
            {
                place.Error($"invalid expression: {problem}{(diagnostic.Suggestion is { } name ? $"; did you mean `{name}`?" : "")}");
            }
            else
            {
                place.Warning($"expression: {problem}{(diagnostic.Suggestion is { } name ? $"; did you mean `{name}`?" : "")}");
            }
        }

        if (compilation.Program is { } program)
        {
            value = new Expression(program, place.Context.CustomFunctions);
        }

        return true;
    }
}

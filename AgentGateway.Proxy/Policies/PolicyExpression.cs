using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>An expression of a policy, compiled. Knows which bodies have to be there before it is evaluated.</summary>
internal sealed class PolicyExpression
{
    private readonly CelProgram _program;

    public PolicyExpression(Expression expression)
    {
        _program = expression.Program;
        var attributes = _program.Attributes;
        ReadsRequestBody = attributes.Reads(GatewayVariables.Request, RequestMember.Body) || attributes.Reads(GatewayVariables.Request, RequestMember.BodyPrefix);
        ReadsResponseBody = attributes.Reads(GatewayVariables.Response, ResponseMember.Body) || attributes.Reads(GatewayVariables.Response, ResponseMember.BodyPrefix);
    }

    /// <summary>True when <see cref="RequestContext.BufferRequestBodyAsync"/> comes first.</summary>
    public bool ReadsRequestBody { get; }

    /// <summary>True when the response has to be held back until its body is there.</summary>
    public bool ReadsResponseBody { get; }

    /// <summary>Text as written.</summary>
    public string Source => _program.Source;

    /// <summary>Null for no expression.</summary>
    public static PolicyExpression? Of(Expression? expression) => expression is null ? null : new PolicyExpression(expression);

    /// <summary>A value of any kind but absent; of kind error when there is none.</summary>
    public CelValue Evaluate(RequestContext context) => _program.Evaluate(context.Variables);

    /// <inheritdoc cref="Evaluate(RequestContext)"/>
    public CelValue Evaluate(ICelActivation variables) => _program.Evaluate(variables);

    /// <summary>True when the expression, as a condition, holds: its value is the boolean <c>true</c>.</summary>
    public bool IsTrue(RequestContext context) => _program.IsTrue(context.Variables);

    /// <inheritdoc cref="IsTrue(RequestContext)"/>
    public bool IsTrue(ICelActivation variables) => _program.IsTrue(variables);
}

using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry.Attributes;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Fields;

/// <summary>One expression of telemetry with the name of what it gives.</summary>
internal sealed partial class Field(string name, CelProgram program)
{
    // Variables that are null for requests they do not concern: an expression over them fails there as it should.
    private static readonly int[] Optional =
    [
        GatewayVariables.Llm, GatewayVariables.Mcp, GatewayVariables.Jwt, GatewayVariables.ApiKey, GatewayVariables.BasicAuth, GatewayVariables.Response,
        GatewayVariables.Backend, GatewayVariables.Extauthz, GatewayVariables.Extproc, GatewayVariables.McpGuardrails, GatewayVariables.Metadata, GatewayVariables.Trace,
    ];

    private int _reported;

    public AttributeKey Key { get; } = new(name, quoted: true);

    public CelProgram Program { get; } = program;

    /// <summary>The value for a connection without HTTP, of which most variables do not exist.</summary>
    public CelValue Evaluate(ICelActivation connection) => Program.Evaluate(connection);

    /// <summary>
    /// The value for this request. The first failure that the request does not explain is reported once: upstream gateways lose such
    /// attributes without a word, and their users look for them for days.
    /// </summary>
    public CelValue Evaluate(RequestContext context)
    {
        var value = Program.Evaluate(context.Variables);
        if (value.Error is { } error && Volatile.Read(ref _reported) == 0 && !IsExplained(context) && Interlocked.Exchange(ref _reported, 1) == 0)
        {
            LogFailure(context.Services.Telemetry.Logger, Key.Name, Program.Source, error.Message);
        }

        return value;
    }

    private bool IsExplained(RequestContext context)
    {
        foreach (var slot in Optional)
        {
            if (Program.Attributes.Reads(slot) && context.Variables.GetVariable(slot) is { Kind: CelKind.Null or CelKind.Absent })
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "expression of {Name} failed and gives no value: {Error}; it reads: {Source} (reported once)")]
    private static partial void LogFailure(ILogger logger, string name, string source, string error);
}

using AgentGateway.Configuration;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies.Oidc;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using BasicAuthSettings = AgentGateway.Configuration.Snapshot.Policies.BasicAuth;
using ExtAuthzSettings = AgentGateway.Configuration.Snapshot.Policies.ExtAuthz;
using JwtAuthSettings = AgentGateway.Configuration.Snapshot.Policies.JwtAuth;
using McpAuthenticationSettings = AgentGateway.Configuration.Snapshot.Policies.McpAuthentication;
using RemoteRateLimitSettings = AgentGateway.Configuration.Snapshot.Policies.RemoteRateLimit;

namespace AgentGateway.Proxy.Policies;

/// <summary>
/// Makes handlers of policies while a configuration is read, and throws them away: what keeps one from being made (keys that do not parse, secrets
/// that are missing) is then an error of the configuration with its place, beside all others. Nothing is connected to.
/// </summary>
internal sealed class PolicyTrial : IAsyncDisposable
{
    // Whose contents can be wrong in ways that reading does not find. Others would only cost time in files with thousands of routes.
    private static readonly HashSet<Type> Kinds =
    [
        typeof(JwtAuthSettings), typeof(McpAuthenticationSettings), typeof(BasicAuthSettings), typeof(ApiKeyAuth), typeof(OidcPolicy),
        typeof(BackendAuth), typeof(RemoteRateLimitSettings), typeof(ExtAuthzSettings), typeof(RequestMirror),
    ];

    private readonly GatewayServices _services;

    public PolicyTrial(Func<string, string?> environment)
    {
        var settings = new StaticSettings { OidcCookieSecret = environment(CookieSecret.Variable) is { Length: > 0 } secret ? new Secret(secret) : null };
        _services = new GatewayServices(settings, TimeProvider.System, NullLoggerFactory.Instance, TelemetryConnections.Process with { AccessLog = null });
    }

    /// <summary>Options of a load that tries out policies.</summary>
    public LoadOptions Options(CommandLine.CommandConsole console, bool forRuntime) =>
        LoadOptions.ForProcess(forRuntime) with { Environment = console.Environment, TryPolicy = Try };

    /// <summary>Why a policy cannot act, or null.</summary>
    public PolicyProblem? Try(PolicySnapshot policy)
    {
        if (!Kinds.Contains(policy.Kind))
        {
            return null;
        }

        foreach (var step in PolicyOrder.Steps)
        {
            if (step.Kind != policy.Kind)
            {
                continue;
            }

            try
            {
                (step.Create(policy, new PolicyScope(_services, step.Stage, "trial")) as IDisposable)?.Dispose();
            }
            catch (PolicyValueException error)
            {
                return new PolicyProblem(error.Message, NotSupportedYet: false) { Key = error.Key, Occurrence = error.Occurrence };
            }
            catch (Exception error) when (error is FormatException or IOException)
            {
                return new PolicyProblem(error.Message, NotSupportedYet: false);
            }
            catch (NotSupportedException error)
            {
                return new PolicyProblem(error.Message, NotSupportedYet: true);
            }
        }

        return null;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

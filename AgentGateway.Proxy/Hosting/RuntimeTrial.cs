using System.Security.Cryptography;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGateway.Proxy.Hosting;

/// <summary>Compiles a configuration as a start does, without opening ports or connecting to anything.</summary>
internal static class RuntimeTrial
{
    /// <summary>Why the configuration cannot be run, or null.</summary>
    public static async Task<string?> FindProblemAsync(GatewaySnapshot snapshot, StaticSettings settings)
    {
        await using var services = new GatewayServices(settings, TimeProvider.System, NullLoggerFactory.Instance, TelemetryConnections.Process with { AccessLog = null });
        var generation = services.Backends.BeginGeneration(snapshot);
        try
        {
            GatewayRuntime.Compile(snapshot, services, generation);
            return null;
        }
        catch (Exception error) when (error is IOException or NotSupportedException or FormatException or InvalidOperationException or ArgumentException or CryptographicException)
        {
            return error.Message;
        }
        finally
        {
            await generation.AbandonAsync();
        }
    }
}

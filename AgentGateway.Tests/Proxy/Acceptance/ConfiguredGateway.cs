using AgentGateway.Proxy.Telemetry;
using AgentGateway.Tests.Configuration;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Acceptance;

/// <summary>Gateways from the text of a whole configuration, as users write it, in this process.</summary>
internal static class ConfiguredGateway
{
    /// <summary>Loads and starts; the static part of the configuration counts too.</summary>
    public static async Task<TestGateway> StartAsync(string text, IReadOnlyDictionary<string, string>? files = null, IReadOnlyDictionary<string, string>? environment = null, TelemetryConnections? telemetry = null, string? statsAddress = null, TimeProvider? time = null)
    {
        var result = TestLoad.LoadValid(text, environment, files, forRuntime: true);
        return await TestGateway.StartAsync(result.Snapshot!, result.Settings, time ?? new PatientTime(), telemetry, statsAddress);
    }

    /// <summary>The errors that the text is refused with.</summary>
    public static IReadOnlyList<string> Errors(string text, IReadOnlyDictionary<string, string>? files = null) => [.. TestLoad.Load(text, files: files, forRuntime: true).Errors.Select(error => error.ToString()!)];

    /// <summary>Ports that nobody uses at the moment.</summary>
    public static int[] FreePorts(int count) => TestPorts.Free(count);

    /// <summary>Sends a GET with headers.</summary>
    public static async Task<HttpResponseMessage> GetAsync(this TestGateway gateway, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

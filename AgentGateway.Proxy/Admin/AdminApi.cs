using System.Net;
using System.Text.Json;
using AgentGateway.Proxy.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Admin;

/// <summary>The admin API: traces, build information, graceful stop.</summary>
internal sealed class AdminApi
{
    private readonly GatewayServices _services;
    private readonly GatewayState _state;
    private readonly TaskCompletionSource _quit;

    public AdminApi(GatewayServices services, GatewayState state, TaskCompletionSource quit)
    {
        _services = services;
        _state = state;
        _quit = quit;
        Application = new ManagementApplication(
            [
                new("GET", "/api/traces", services.Telemetry.WriteTracesAsync),
                new("GET", "/api/runtime", WriteRuntimeAsync),
                new("POST", "/quitquitquit", QuitAsync),
            ],
            RefuseForeignHost);
    }

    public ManagementApplication Application { get; }

    /// <summary>
    /// Traces hold what users and agents said. A web page on another site reaches a loopback port by DNS rebinding, and then its own host name
    /// stands in Host: only loopback names and IP addresses are let through.
    /// </summary>
    private static string? RefuseForeignHost(HttpContext context)
    {
        var host = context.Request.Host.Host;
        return host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out _)
            ? null
            : $"the admin API does not answer for host '{host}': use localhost or an IP address";
    }

    private Task WriteRuntimeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteStartObject("build");
        writer.WriteString("version", BuildInformation.Version);
        writer.WriteString("gitRevision", BuildInformation.Revision);
        writer.WriteString("runtime", BuildInformation.Runtime);
        writer.WriteEndObject();
        writer.WriteStartObject("ui");
        writer.WriteString("gatewayMode", "standalone");
        writer.WriteEndObject();
        writer.WriteNumber("binds", _state.Current.Binds.Count);
        writer.WriteString("logLevel", _services.Settings.LogLevel);
        writer.WriteEndObject();
        writer.Flush();
        return context.Response.BodyWriter.FlushAsync().AsTask();
    }

    private Task QuitAsync(HttpContext context)
    {
        _quit.TrySetResult();
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync("shutting down\n");
    }
}

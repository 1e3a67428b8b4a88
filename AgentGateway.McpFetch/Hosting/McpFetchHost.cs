using System.Reflection;
using AgentGateway.McpFetch.Fetching;
using AgentGateway.McpFetch.Network;
using AgentGateway.ServiceDefaults;
using AgentGateway.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace AgentGateway.McpFetch.Hosting;

/// <summary>Builds the server for either transport.</summary>
internal static class McpFetchHost
{
    /// <summary>Where the server listens when nothing says otherwise: this machine only.</summary>
    internal const string DefaultUrl = "http://127.0.0.1:8081";

    /// <summary>Path of the Streamable HTTP endpoint.</summary>
    internal const string McpPath = "/mcp";

    private const string ApplicationName = FetchTelemetry.MeterName;
    private const long MaxRequestBytes = 1024 * 1024;
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    internal static string Version { get; } =
        typeof(McpFetchHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>The server on standard input and output. It ends when standard input does.</summary>
    internal static IHost BuildStdio(CommandLine commandLine, Action<IHostApplicationBuilder>? configure = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = ApplicationName,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        AddFetch(builder, commandLine).WithStdioServerTransport();
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The server on Streamable HTTP, with health endpoints.</summary>
    internal static WebApplication BuildHttp(CommandLine commandLine, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = ApplicationName,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
        if (commandLine.Urls is { } urls)
            builder.WebHost.UseUrls(urls);
        else if (!NamesAddress(builder.Configuration))
            builder.WebHost.UseUrls(DefaultUrl);

        // Clients of the revisions with an initialize handshake get sessions, those of 2026-07-28 and later none, as their revision says.
        AddFetch(builder, commandLine).WithHttpTransport(static http => http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseMiddleware<OriginGuard>();
        app.MapDefaultEndpoints();
        app.MapMcp(McpPath);
        return app;
    }

    private static IMcpServerBuilder AddFetch(IHostApplicationBuilder builder, CommandLine commandLine)
    {
        builder.AddServiceDefaults();
        var services = builder.Services;
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = ShutdownTimeout);
        services.AddOptions<FetchOptions>()
            .BindConfiguration(FetchOptions.Section)
            .Configure<IConfiguration>((options, configuration) => ApplyPrivateAddresses(options, configuration, commandLine))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<FetchOptions>, FetchOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.TryAddSingleton<IPageFetcher, PageFetcher>();
        services.AddSingleton<FetchTelemetry>();
        services.AddSingleton<FetchTool>();
        services.AddSingleton<ModelContextProtocol.Server.McpServerTool>(static provider => provider.GetRequiredService<FetchTool>());
        return services.AddMcpServer(static server =>
            server.ServerInfo = new Implementation { Name = "mcpfetch", Title = "AgentGateway sample fetch server", Version = Version });
    }

    /// <summary>The command line wins over the short environment variable, and that over the section.</summary>
    private static void ApplyPrivateAddresses(FetchOptions options, IConfiguration configuration, CommandLine commandLine)
    {
        if (configuration[FetchOptions.AllowPrivateAddressesVariable] is { Length: > 0 } text)
        {
            options.AllowPrivateAddresses = text.Trim().ToLowerInvariant() switch
            {
                "true" or "1" => true,
                "false" or "0" => false,
                _ => throw new OptionsValidationException(
                    FetchOptions.Section,
                    typeof(FetchOptions),
                    [$"{FetchOptions.AllowPrivateAddressesVariable} is neither true nor false."]),
            };
        }

        options.AllowPrivateAddresses = commandLine.AllowPrivateAddresses ?? options.AllowPrivateAddresses;
    }

    private static bool NamesAddress(ConfigurationManager configuration) =>
        !string.IsNullOrEmpty(configuration["urls"])
        || !string.IsNullOrEmpty(configuration["http_ports"])
        || !string.IsNullOrEmpty(configuration["https_ports"])
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}

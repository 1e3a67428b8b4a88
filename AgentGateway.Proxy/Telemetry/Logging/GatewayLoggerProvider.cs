using AgentGateway.Configuration.Snapshot;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>The log of the process: lines of the form the settings ask for, at the levels of their directives.</summary>
internal sealed class GatewayLoggerProvider : ILoggerProvider
{
    private readonly LogOutput _output;
    private readonly TimeProvider _time;
    private readonly bool _json;

    public GatewayLoggerProvider(LogOutput output, StaticSettings settings, TimeProvider time)
    {
        _output = output;
        _time = time;
        _json = settings.LogJson;
        Directives = LevelDirectives.Parse(settings.LogLevel);
    }

    public LevelDirectives Directives { get; }

    /// <summary>A logger factory with this provider alone.</summary>
    public static ILoggerFactory CreateFactory(LogOutput output, StaticSettings settings, TimeProvider time)
    {
        var provider = new GatewayLoggerProvider(output, settings, time);
        var factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(provider));
        foreach (var directive in provider.Directives.Unknown)
        {
            LogMessages.UnknownDirective(factory.CreateLogger("agentgateway::logging"), directive);
        }

        return factory;
    }

    public ILogger CreateLogger(string categoryName) => new GatewayLogger(_output, _time, _json, categoryName, Directives.LevelOf(categoryName));

    public void Dispose()
    {
        // The output belongs to whoever made it: it must outlive the last line.
    }
}

/// <summary>Lines of the logging itself.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "log directive {Directive} is not understood; write a level or target=level")]
    public static partial void UnknownDirective(ILogger logger, string directive);
}

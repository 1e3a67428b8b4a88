using System.Globalization;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>Shapes of the <c>config</c> section.</summary>
internal static class StaticShapes
{
    private static readonly Shape<string> Address = Shapes.TextWith("address", "localhost:15000", static (text, _) =>
        text == "off" || IsListenAddress(text) ? null : "write ip:port, localhost:port, unix:/path or off");

    private static readonly Shape<string> SessionKey = Shapes.TextWith("key", "0011…", static (text, _) =>
        text.Length == 64 && text.All(char.IsAsciiHexDigit) ? null : "write 64 hexadecimal digits (32 bytes), such as the output of `openssl rand -hex 32`");

    private static readonly Shape<string> Level = Shapes.ByKind(scalar: Shapes.NonEmptyText, list: Shapes.List(Shapes.NonEmptyText).As(static levels => string.Join(',', levels)));

    private static readonly Shape<(string? Level, bool? Json)> Logging = Shapes.Object("Logging", "Process log.", static r => (
        r.Optional("level", Level, "Level, or directives such as `info,agentgateway::mcp=trace`; `info` by default.", "info"),
        r.OptionalValue("format", Shapes.Enum(("text", false), ("json", true)), "Form of log lines.", "text", "text")));

    private static readonly Shape<TimeSpan?> Mcp = Shapes.Object("StaticMcp", "Settings of all MCP backends.", static r =>
        r.OptionalValue("sessionTtl", Shapes.Duration, "Idle time after which a session is closed.", "30m", "30m0s"));

    private static readonly Shape<Secret> Session = Shapes.Object("Session", "Session identifiers.", static r =>
        new Secret(r.Required("key", SessionKey, "Key that encrypts MCP session identifiers: 64 hexadecimal digits.")));

    public static Shape<StaticSettings> Settings { get; } = Shapes.Object("Config", "Process-wide settings, read once at start.", Read);

    /// <summary>Settings of a document without a <c>config</c> section: environment and built-in defaults.</summary>
    public static StaticSettings Defaults(ReadContext context) => Settings.Fallback(context);

    private static StaticSettings Read(ObjectReader r)
    {
        var environment = r.Context.Options.Environment;
        var logging = r.OptionalValue("logging", Logging, "Process log.");
        var admin = Listen(r, "adminAddr", "localhost:15000", "ADMIN_ADDR", "Admin API and trace store; `off` switches it off.");
        var stats = Listen(r, "statsAddr", "[::]:15020", "STATS_ADDR", "Prometheus metrics; `off` switches them off.");
        var readiness = Listen(r, "readinessAddr", "[::]:15021", "READINESS_ADDR", "Readiness; `off` switches it off.");
        return new StaticSettings
        {
            AdminAddress = admin,
            StatsAddress = stats,
            ReadinessAddress = readiness,
            EnableIpv6 = r.OptionalValue("enableIpv6", Shapes.Flag, "Bind `[::]` for both families; false binds `0.0.0.0`. Overridden by `IPV6_ENABLED`.", null, "true") is var ipv6
                && (environment("IPV6_ENABLED") is { Length: > 0 } set ? set is "true" or "1" : ipv6 ?? true),
            ConnectionTerminationDeadline = r.Duration("connectionTerminationDeadline", "Longest time that open connections may drain at shutdown; 5s, or `TERMINATION_GRACE_PERIOD_SECONDS` less 5.")
                ?? GracePeriod(environment),
            LogLevel = logging?.Level ?? Environment(environment, "RUST_LOG") ?? "info",
            LogJson = environment("LOG_FORMAT") is { Length: > 0 } format ? format == "json" : logging?.Json ?? false,
            McpSessionIdleTimeout = r.OptionalValue("mcp", Mcp.As(static v => new Box<TimeSpan?>(v)), "Settings of all MCP backends.")?.Value ?? TimeSpan.FromMinutes(30),
            SessionKey = r.Optional("session", Session, "Session identifiers.") ?? (Environment(environment, "SESSION_KEY") is { } key ? new Secret(key) : null),
            Tracing = r.Optional("tracing", TracingShape.Shape, "Export of request traces. The newer place is `frontendPolicies.tracing`."),
        };
    }

    private static string? Listen(ObjectReader r, string key, string fallback, string variable, string doc)
    {
        var text = r.Optional(key, Address, $"{doc} Overridden by `{variable}`.", fallback);
        text = Environment(r.Context.Options.Environment, variable) ?? text ?? fallback;
        return text == "off" ? null : text;
    }

    private static string? Environment(Func<string, string?> environment, string name) => environment(name) is { Length: > 0 } value ? value : null;

    private static TimeSpan GracePeriod(Func<string, string?> environment) =>
        int.TryParse(environment("TERMINATION_GRACE_PERIOD_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 5
            ? TimeSpan.FromSeconds(seconds - 5)
            : TimeSpan.FromSeconds(5);

    private static bool IsListenAddress(string text) =>
        TargetAddress.TryParse(text, out _) || (text.EndsWith(":0", StringComparison.Ordinal) && TargetAddress.TryParse(text + "1", out _));

    private readonly record struct Box<T>(T Value);
}

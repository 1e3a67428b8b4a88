using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>
/// Which lines are written: a level for everything and levels for targets, such as <c>info,agentgateway::mcp=trace</c>
/// (<c>config.logging.level</c>, <c>RUST_LOG</c>). A directive for a target holds for all below it; the most specific one counts.
/// </summary>
internal sealed class LevelDirectives
{
    private readonly (string Target, LogLevel Level)[] _targets;
    private readonly LogLevel _default;

    private LevelDirectives(LogLevel fallback, (string Target, LogLevel Level)[] targets, IReadOnlyList<string> unknown)
    {
        _default = fallback;
        _targets = targets;
        Unknown = unknown;
    }

    /// <summary>Directives that say nothing this program understands.</summary>
    public IReadOnlyList<string> Unknown { get; }

    public static LevelDirectives Parse(string text)
    {
        var fallback = LogLevel.Information;

        // The server libraries are talkative: only their warnings are for operators, unless a directive asks for more.
        var targets = new List<(string Target, LogLevel Level)> { ("Microsoft", LogLevel.Warning), ("System", LogLevel.Warning) };
        var unknown = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=');
            if (equals < 0 && TryLevel(part, out var level))
            {
                fallback = level;
            }
            else if (equals > 0 && TryLevel(part[(equals + 1)..], out level))
            {
                targets.RemoveAll(entry => entry.Target == part[..equals]);
                targets.Add((part[..equals], level));
            }
            else
            {
                unknown.Add(part);
            }
        }

        targets.Sort(static (a, b) => b.Target.Length.CompareTo(a.Target.Length));
        return new LevelDirectives(fallback, [.. targets], unknown);
    }

    /// <summary>Lowest level that is written for a target.</summary>
    public LogLevel LevelOf(string target)
    {
        foreach (var (prefix, level) in _targets)
        {
            if (target.StartsWith(prefix, StringComparison.Ordinal)
                && (target.Length == prefix.Length || target[prefix.Length] is '.' || target.AsSpan(prefix.Length).StartsWith("::")))
            {
                return level;
            }
        }

        return _default;
    }

    private static bool TryLevel(string text, out LogLevel level)
    {
        (level, var known) = text.ToLowerInvariant() switch
        {
            "trace" => (LogLevel.Trace, true),
            "debug" => (LogLevel.Debug, true),
            "info" => (LogLevel.Information, true),
            "warn" or "warning" => (LogLevel.Warning, true),
            "error" => (LogLevel.Error, true),
            "off" => (LogLevel.None, true),
            _ => (LogLevel.Information, false),
        };
        return known;
    }
}

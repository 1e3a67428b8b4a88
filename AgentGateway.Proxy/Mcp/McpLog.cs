using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Log lines of the MCP gateway.</summary>
internal sealed partial class McpLog(ILogger logger)
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "target {Target}: started process {Process}")]
    public partial void Started(string target, int process);

    [LoggerMessage(Level = LogLevel.Debug, Message = "target {Target}: process {Process} {Ending}")]
    public partial void Ended(string target, int process, string ending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "target {Target}: stdio server {Ending}; {Requests} request(s) fail, its session ends")]
    public partial void Died(string target, string ending, int requests);

    [LoggerMessage(Level = LogLevel.Warning, Message = "target {Target}: SSE server {Ending}; {Requests} request(s) fail, its session ends")]
    public partial void Lost(string target, string ending, int requests);

    [LoggerMessage(Level = LogLevel.Information, Message = "target {Target} stderr: {Line}{LeftOut}")]
    private partial void ServerErrorLine(string target, string line, string leftOut);

    public void ServerError(string target, string line, int suppressed) => ServerErrorLine(target, line, LeftOut(suppressed));

    [LoggerMessage(Level = LogLevel.Warning, Message = "target {Target}: ignored output that is no message: {Reason}: {Line}{LeftOut}")]
    private partial void GarbageLine(string target, string reason, string line, string leftOut);

    public void Garbage(string target, string reason, string line, int suppressed) => GarbageLine(target, reason, line, LeftOut(suppressed));

    [LoggerMessage(Level = LogLevel.Warning, Message = "target {Target}: a message of more than {Limit} bytes was thrown away")]
    public partial void TooLarge(string target, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "target {Target}: {Count} message(s) were dropped because no event stream took them")]
    public partial void Dropped(string target, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "target {Target}: an answer came for a request that nobody waits for")]
    public partial void Unexpected(string target);

    [LoggerMessage(Level = LogLevel.Debug, Message = "target {Target}: stream ended: {Reason}")]
    public partial void StreamEnded(string target, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "backend {Backend}: session {Ending} after {Seconds} s")]
    public partial void SessionEnded(string backend, string ending, long seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "backend {Backend}: ending a session failed")]
    public partial void CloseFailed(string backend, Exception error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "target {Target} speaks revisions before 2026-07-28: {Reason}")]
    public partial void IsLegacy(string target, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "backend {Backend}: several targets serve {Names}; without prefixes they are left out of lists")]
    public partial void Ambiguous(string backend, string names);

    [LoggerMessage(Level = LogLevel.Warning, Message = "backend {Backend}: target {Target} is left out of the session: {Reason}")]
    public partial void LeftOut(string backend, string target, string reason);

    // A child that floods its standard error is shown in part; the next line that is shown says how much is missing.
    private static string LeftOut(int suppressed) =>
        suppressed == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $" ({suppressed} lines before it left out)");
}

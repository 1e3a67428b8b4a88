using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>Logger of one category, which is the target of its lines.</summary>
internal sealed class GatewayLogger(LogOutput output, TimeProvider time, bool json, string target, LogLevel minimum) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= minimum;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        using var buffer = new ByteBuffer(512);
        var message = formatter(state, exception);
        if (json)
        {
            LogText.BeginJson(buffer, time.GetUtcNow(), logLevel, target);
            buffer.Append(",\"message\":"u8);
            LogText.AppendQuoted(buffer, message);
            if (exception is not null)
            {
                buffer.Append(",\"error\":"u8);
                LogText.AppendQuoted(buffer, exception.ToString());
            }

            buffer.Append("}\n"u8);
        }
        else
        {
            LogText.BeginText(buffer, time.GetUtcNow(), logLevel, target);
            buffer.Append((byte)' ');
            AppendMessage(buffer, message);
            if (exception is not null)
            {
                buffer.Append(" error="u8);
                LogText.AppendQuoted(buffer, exception.ToString());
            }

            buffer.Append((byte)'\n');
        }

        output.Write(buffer.WrittenSpan);
    }

    // One line stays one line, whatever a peer put into an error text.
    private static void AppendMessage(ByteBuffer buffer, string message)
    {
        foreach (var c in message)
        {
            if (char.IsControl(c))
            {
                LogText.AppendQuoted(buffer, message);
                return;
            }
        }

        buffer.AppendUtf8(message);
    }
}

using AgentGateway.Proxy.Telemetry.Attributes;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>Writes one line for each request: target <c>request</c>, level info (telemetry specification, 2.1).</summary>
internal sealed class AccessLog(LogOutput output, bool json)
{
    /// <summary>Target of the lines, for level directives.</summary>
    public const string Target = "request";

    /// <summary>Formats and hands over a line. The buffer is scratch space whose content is overwritten.</summary>
    public void Write(ByteBuffer buffer, DateTimeOffset time, AttributeList attributes)
    {
        buffer.Clear();
        if (json)
        {
            LogText.BeginJson(buffer, time, LogLevel.Information, Target);
        }
        else
        {
            LogText.BeginText(buffer, time, LogLevel.Information, Target);
        }

        foreach (var (key, value) in attributes.Items)
        {
            if (key.Scope == AttributeScope.SpanOnly)
            {
                continue;
            }

            if (json)
            {
                buffer.Append(key.JsonPrefix);
                LogText.AppendJson(buffer, value);
            }
            else
            {
                buffer.Append(key.TextPrefix);
                LogText.AppendText(buffer, value, key.Quoted);
            }
        }

        buffer.Append(json ? "}\n"u8 : "\n"u8);
        output.Write(buffer.WrittenSpan);
    }
}

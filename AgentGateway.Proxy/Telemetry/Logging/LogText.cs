using System.Globalization;
using System.Text;
using AgentGateway.Proxy.Telemetry.Attributes;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>Pieces of log lines as UTF-8, in both forms: text (<c>time TAB level TAB target k=v</c>) and JSON.</summary>
internal static class LogText
{
    // Every digit that a double can have after the point: numbers are never written with an exponent.
    private static readonly string NoExponent = "0." + new string('#', 324);

    /// <summary>Lower-case name of a level.</summary>
    public static ReadOnlySpan<byte> Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace"u8,
        LogLevel.Debug => "debug"u8,
        LogLevel.Information => "info"u8,
        LogLevel.Warning => "warn"u8,
        _ => "error"u8,
    };

    /// <summary>UTC with microseconds: <c>2026-01-20T16:28:30.000005Z</c>.</summary>
    public static void AppendTime(ByteBuffer buffer, DateTimeOffset time)
    {
        // "O" has seven digits; the last one is cut off.
        time.UtcDateTime.TryFormat(buffer.Reserve(40), out _, "O", CultureInfo.InvariantCulture);
        buffer.Advance(26);
        buffer.Append((byte)'Z');
    }

    /// <summary>The start of a text line up to and with the target.</summary>
    public static void BeginText(ByteBuffer buffer, DateTimeOffset time, LogLevel level, ReadOnlySpan<char> target)
    {
        AppendTime(buffer, time);
        buffer.Append((byte)'\t');
        buffer.Append(Level(level));
        buffer.Append((byte)'\t');
        buffer.AppendUtf8(target);
    }

    /// <summary>The start of a JSON line; members follow, then <c>}</c>.</summary>
    public static void BeginJson(ByteBuffer buffer, DateTimeOffset time, LogLevel level, ReadOnlySpan<char> target)
    {
        buffer.Append("{\"level\":\""u8);
        buffer.Append(Level(level));
        buffer.Append("\",\"time\":\""u8);
        AppendTime(buffer, time);
        buffer.Append("\",\"scope\":"u8);
        AppendQuoted(buffer, target);
    }

    /// <summary>A value as JSON.</summary>
    public static void AppendJson(ByteBuffer buffer, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeValueKind.String or AttributeValueKind.Json:
                AppendQuoted(buffer, value.Chars);
                break;
            case AttributeValueKind.Milliseconds:
                buffer.Append((byte)'"');
                AppendPlain(buffer, value);
                buffer.Append((byte)'"');
                break;
            case AttributeValueKind.Double when !double.IsFinite(value.Double):
                AppendQuoted(buffer, value.Double.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                AppendPlain(buffer, value);
                break;
        }
    }

    /// <summary>
    /// A value of a text line: a list or map as JSON, all else as it is, or in quotes when its key asks for them or when its characters could be taken for another field.
    /// </summary>
    public static void AppendText(ByteBuffer buffer, AttributeValue value, bool quoted)
    {
        if (value.Kind == AttributeValueKind.Json)
        {
            AppendEscaped(buffer, value.Chars, isJson: true);
        }
        else if (value.Kind == AttributeValueKind.String && (quoted || NeedsQuotes(value.Chars)))
        {
            AppendQuoted(buffer, value.Chars);
        }
        else
        {
            AppendPlain(buffer, value);
        }
    }

    /// <summary>A name of a text line: as it is, or in quotes when its characters could be taken for another field.</summary>
    public static void AppendName(ByteBuffer buffer, ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Contains('=') || NeedsQuotes(name))
        {
            AppendQuoted(buffer, name);
        }
        else
        {
            buffer.AppendUtf8(name);
        }
    }

    /// <summary>A JSON string. Only what must be escaped is.</summary>
    public static void AppendQuoted(ByteBuffer buffer, ReadOnlySpan<char> text)
    {
        buffer.Append((byte)'"');
        AppendEscaped(buffer, text, isJson: false);
        buffer.Append((byte)'"');
    }

    // Of what is JSON already, only characters that terminals act on are left to escape; they stand in its strings alone.
    private static void AppendEscaped(ByteBuffer buffer, ReadOnlySpan<char> text, bool isJson)
    {
        while (true)
        {
            var special = IndexOfEscaped(text, isJson);
            if (special < 0)
            {
                buffer.AppendUtf8(text);
                return;
            }

            buffer.AppendUtf8(text[..special]);
            AppendEscape(buffer, text[special]);
            text = text[(special + 1)..];
        }
    }

    private static bool NeedsQuotes(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c <= ' ' || c == '"' || c is >= '\x7f' and <= '\xa0' || c is '\u2028' or '\u2029')
            {
                return true;
            }
        }

        return false;
    }

    private static int IndexOfEscaped(ReadOnlySpan<char> text, bool isJson)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < ' ' || (!isJson && c is '"' or '\\') || c is >= '\x7f' and <= '\x9f' || c is '\u2028' or '\u2029')
            {
                return i;
            }
        }

        return -1;
    }

    private static void AppendEscape(ByteBuffer buffer, char c)
    {
        switch (c)
        {
            case '"':
                buffer.Append("\\\""u8);
                break;
            case '\\':
                buffer.Append("\\\\"u8);
                break;
            case '\n':
                buffer.Append("\\n"u8);
                break;
            case '\r':
                buffer.Append("\\r"u8);
                break;
            case '\t':
                buffer.Append("\\t"u8);
                break;
            default:
                buffer.Append("\\u"u8);
                ((int)c).TryFormat(buffer.Reserve(4), out var written, "x4", CultureInfo.InvariantCulture);
                buffer.Advance(written);
                break;
        }
    }

    private static void AppendPlain(ByteBuffer buffer, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeValueKind.String:
                buffer.AppendUtf8(value.Chars);
                break;
            case AttributeValueKind.Int:
                buffer.AppendDecimal(value.Integer);
                break;
            case AttributeValueKind.Milliseconds:
                buffer.AppendDecimal(value.Integer);
                buffer.Append("ms"u8);
                break;
            case AttributeValueKind.Bool:
                buffer.Append(value.Bool ? "true"u8 : "false"u8);
                break;
            case AttributeValueKind.Double:
                var text = value.Double.ToString(CultureInfo.InvariantCulture);
                buffer.Append(Encoding.UTF8.GetBytes(text.Contains('E') ? value.Double.ToString(NoExponent, CultureInfo.InvariantCulture) : text));
                break;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using AgentGateway.Cel;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies;

/// <summary>Turns results of expressions into headers and bodies.</summary>
internal static class ExpressionText
{
    /// <summary>
    /// The value or values of a header: a list gives several. False for errors and null. Whether the text may stand in a header is
    /// for <see cref="IsHeaderSafe"/> to say.
    /// </summary>
    public static bool TryHeader(in CelValue value, out StringValues header)
    {
        if (value.Kind != CelKind.List)
        {
            var has = TryText(value, out var text);
            header = text;
            return has;
        }

        var texts = new List<string>();
        foreach (var item in value.AsList())
        {
            if (!TryText(item, out var text))
            {
                header = default;
                return false;
            }

            texts.Add(text);
        }

        header = texts.ToArray();
        return texts.Count > 0;
    }

    /// <summary>The value as text: strings and bytes as they are, maps and lists as JSON. False for errors and null.</summary>
    public static bool TryText(in CelValue value, [NotNullWhen(true)] out string? text)
    {
        text = value.Kind switch
        {
            CelKind.Error or CelKind.Null or CelKind.Absent => null,
            CelKind.String => value.AsString(),
            CelKind.Bytes => Encoding.UTF8.GetString(value.AsBytes().Span),
            CelKind.Map or CelKind.List => value.ToJson(),
            _ => value.ToText(),
        };
        return text is not null;
    }

    /// <summary>The value as a body: strings and bytes as they are, anything else as JSON. False for errors.</summary>
    public static bool TryBody(in CelValue value, out ReadOnlyMemory<byte> body)
    {
        body = value.Kind switch
        {
            CelKind.Error or CelKind.Absent => default,
            CelKind.String => Encoding.UTF8.GetBytes(value.AsString()),
            CelKind.Bytes => value.AsBytes(),
            _ => Encoding.UTF8.GetBytes(value.ToJson()),
        };
        return value.Kind is not (CelKind.Error or CelKind.Absent);
    }

    /// <summary>
    /// True when no value holds a control character other than tab: a line break would end the header and begin another one
    /// that whoever controls the value chose (RFC 9110, 5.5).
    /// </summary>
    public static bool IsHeaderSafe(StringValues values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            foreach (var c in values[i].AsSpan())
            {
                if ((c < ' ' && c != '\t') || c == '\u007f')
                {
                    return false;
                }
            }
        }

        return true;
    }
}

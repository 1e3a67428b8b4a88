using System.Globalization;
using System.Text.Json;

namespace AgentGateway.Configuration.Documents;

/// <summary>Writes scalars as JSON. Numbers keep the text in which they were written where that is JSON.</summary>
internal static class ScalarJson
{
    public static void Write(Utf8JsonWriter writer, ScalarNode scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                writer.WriteNullValue();
                break;
            case ScalarKind.Boolean:
                writer.WriteBooleanValue(scalar.Text is ['t' or 'T', ..]);
                break;
            case ScalarKind.Integer or ScalarKind.Number when IsJsonNumber(scalar.Text):
                writer.WriteRawValue(scalar.Text, skipInputValidation: true);
                break;
            case ScalarKind.Integer or ScalarKind.Number
                when double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(scalar.Text);
                break;
        }
    }

    // RFC 8259: no plus, no leading zeros, digits on both sides of the point.
    private static bool IsJsonNumber(string text)
    {
        var span = text.AsSpan();
        if (span.StartsWith('-'))
        {
            span = span[1..];
        }

        var whole = ScalarResolution.Digits(ref span);
        if (whole == 0 || (whole > 1 && text.AsSpan().TrimStart('-')[0] == '0'))
        {
            return false;
        }

        if (span.StartsWith('.'))
        {
            span = span[1..];
            if (ScalarResolution.Digits(ref span) == 0)
            {
                return false;
            }
        }

        if (span.Length > 0 && span[0] is 'e' or 'E')
        {
            span = span[1..];
            if (span.Length > 0 && span[0] is '+' or '-')
            {
                span = span[1..];
            }

            if (ScalarResolution.Digits(ref span) == 0)
            {
                return false;
            }
        }

        return span.IsEmpty;
    }
}

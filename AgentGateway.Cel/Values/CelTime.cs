using System.Globalization;

namespace AgentGateway.Cel.Values;

/// <summary>
/// Timestamps and durations: seconds in <see cref="CelValue.Bits"/> (rounded down), nanoseconds after them in <see cref="CelValue.Nanoseconds"/>.
/// </summary>
internal static class CelTime
{
    public const long MinTimestampSeconds = -62_135_596_800;
    public const long MaxTimestampSeconds = 253_402_300_799;
    private const long NanosPerSecond = 1_000_000_000;

    public static CelValue TimestampRange { get; } = CelValue.FromError(CelErrorCode.Overflow, "timestamp out of range");

    public static CelValue DurationRange { get; } = CelValue.FromError(CelErrorCode.Overflow, "duration out of range");

    public static CelValue Timestamp(DateTimeOffset value)
    {
        var ticks = value.UtcTicks;
        var seconds = ticks / TimeSpan.TicksPerSecond;
        return new(CelFraction.OfTimestamp((int)(ticks - seconds * TimeSpan.TicksPerSecond) * 100), seconds + MinTimestampSeconds);
    }

    public static CelValue Timestamp(long seconds, int nanoseconds) =>
        seconds is < MinTimestampSeconds or > MaxTimestampSeconds || nanoseconds is < 0 or >= (int)NanosPerSecond
            ? TimestampRange
            : new(CelFraction.OfTimestamp(nanoseconds), seconds);

    public static CelValue Duration(TimeSpan value) => DurationFromNanos((Int128)value.Ticks * 100);

    public static CelValue DurationFromNanos(Int128 nanos)
    {
        // 64 bits of nanoseconds, about 292 years, as the conformance suite has it.
        if (nanos > long.MaxValue || nanos < long.MinValue)
            return DurationRange;
        var (seconds, rest) = Split(nanos);
        return new(CelFraction.OfDuration(rest), seconds);
    }

    public static CelValue TimestampFromNanos(Int128 nanos)
    {
        if (nanos < (Int128)MinTimestampSeconds * NanosPerSecond || nanos >= (Int128)(MaxTimestampSeconds + 1) * NanosPerSecond)
            return TimestampRange;
        var (seconds, rest) = Split(nanos);
        return new(CelFraction.OfTimestamp(rest), seconds);
    }

    public static Int128 Nanos(CelValue value) => (Int128)value.Bits * NanosPerSecond + value.Nanoseconds;

    public static DateTimeOffset ToDateTimeOffset(CelValue value) => new((value.Bits - MinTimestampSeconds) * TimeSpan.TicksPerSecond + value.Nanoseconds / 100, TimeSpan.Zero);

    public static TimeSpan ToTimeSpan(CelValue value)
    {
        var ticks = Nanos(value) / 100;
        return ticks > long.MaxValue ? TimeSpan.MaxValue : ticks < long.MinValue ? TimeSpan.MinValue : new TimeSpan((long)ticks);
    }

    public static string FormatTimestamp(CelValue value)
    {
        var text = ToDateTimeOffset(value).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return text + Fraction(value.Nanoseconds) + "Z";
    }

    public static string FormatDuration(CelValue value)
    {
        var nanos = Nanos(value);
        var sign = nanos < 0 ? "-" : "";
        if (nanos < 0)
            nanos = -nanos;
        var (seconds, rest) = Split(nanos);
        return sign + seconds.ToString(CultureInfo.InvariantCulture) + Fraction(rest) + "s";
    }

    /// <summary>RFC 3339 with up to nine digits of fraction.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out CelValue value)
    {
        value = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':')
            return false;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        var rest = text[19..];
        var nanos = 0;
        if (rest[0] == '.')
        {
            var digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                if (digits <= 9)
                    nanos = nanos * 10 + (rest[digits] - '0');
                digits++;
            }

            if (digits == 1)
                return false;
            for (var i = digits; i <= 9; i++)
                nanos *= 10;
            rest = rest[digits..];
        }

        long offset;
        if (rest is "Z" or "z")
        {
            offset = 0;
        }
        else if (rest.Length == 6 && rest[0] is '+' or '-' && rest[3] == ':' && Digits(rest[1..3], out var offsetHours) && Digits(rest[4..6], out var offsetMinutes)
            && offsetHours < 24 && offsetMinutes < 60)
        {
            offset = (offsetHours * 3600L + offsetMinutes * 60L) * (rest[0] == '-' ? -1 : 1);
        }
        else
        {
            return false;
        }

        var seconds = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerSecond + MinTimestampSeconds - offset;
        value = Timestamp(seconds, nanos);
        return true;
    }

    /// <summary>A sign, then numbers with the units h, m, s, ms, us and ns: <c>1h30m</c>, <c>-1.5s</c>; <c>0</c> needs no unit.</summary>
    public static bool TryParseDuration(ReadOnlySpan<char> text, out CelValue value)
    {
        value = default;
        var negative = false;
        if (text.Length > 0 && text[0] is '+' or '-')
        {
            negative = text[0] == '-';
            text = text[1..];
        }

        if (text.IsEmpty || text.Length > 128)
            return false;
        if (text is "0")
        {
            value = DurationFromNanos(0);
            return true;
        }

        Int128 total = 0;
        while (!text.IsEmpty)
        {
            var i = 0;
            Int128 whole = 0;
            Int128 fraction = 0;
            Int128 scale = 1;
            var digits = 0;
            for (; i < text.Length && char.IsAsciiDigit(text[i]); i++, digits++)
            {
                if (whole < long.MaxValue)
                    whole = whole * 10 + (text[i] - '0');
            }

            if (i < text.Length && text[i] == '.')
            {
                for (i++; i < text.Length && char.IsAsciiDigit(text[i]); i++, digits++)
                {
                    if (scale < 1_000_000_000_000_000)
                    {
                        fraction = fraction * 10 + (text[i] - '0');
                        scale *= 10;
                    }
                }
            }

            if (digits == 0)
                return false;
            text = text[i..];
            long unit;
            int length;
            if (text.StartsWith("ms"))
                (unit, length) = (1_000_000, 2);
            else if (text.StartsWith("us") || text.StartsWith("\u00B5s") || text.StartsWith("\u03BCs"))
                (unit, length) = (1_000, 2);
            else if (text.StartsWith("ns"))
                (unit, length) = (1, 2);
            else if (text.StartsWith("h"))
                (unit, length) = (3600 * NanosPerSecond, 1);
            else if (text.StartsWith("m"))
                (unit, length) = (60 * NanosPerSecond, 1);
            else if (text.StartsWith("s"))
                (unit, length) = (NanosPerSecond, 1);
            else
                return false;
            text = text[length..];
            total += whole * unit + fraction * unit / scale;
        }

        value = DurationFromNanos(negative ? -total : total);
        return true;
    }

    private static (long Seconds, int Nanos) Split(Int128 nanos)
    {
        var seconds = nanos / NanosPerSecond;
        var rest = nanos - seconds * NanosPerSecond;
        if (rest < 0)
        {
            rest += NanosPerSecond;
            seconds--;
        }

        return ((long)seconds, (int)rest);
    }

    private static string Fraction(int nanos) =>
        nanos == 0 ? "" : "." + nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');

    private static bool Digits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = value * 10 + (c - '0');
        }

        return true;
    }
}

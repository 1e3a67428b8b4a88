using System.Globalization;
using System.Text;

namespace AgentGateway.Configuration;

/// <summary>Durations as Go writes them: <c>250ms</c>, <c>1h30m</c>, <c>1.5s</c>.</summary>
public static class GoDuration
{
    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ns", 0.01m), ("us", 10m), ("µs", 10m), ("μs", 10m), ("ms", 10_000m), ("s", 10_000_000m), ("m", 600_000_000m), ("h", 36_000_000_000m),
    ];

    /// <summary>Reads a duration; false when it is no sequence of decimal numbers with units, is negative, or is too long for the type.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text is "0" or "+0")
        {
            return true;
        }

        if (text.StartsWith('+'))
        {
            text = text[1..];
        }

        if (text.IsEmpty || text.Length > 64)
        {
            return false;
        }

        var ticks = 0m;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(CharacterSets.DecimalNumber);
            if (digits <= 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            text = text[digits..];
            var next = text.IndexOfAny(CharacterSets.DecimalNumber);
            var unit = next < 0 ? text : text[..next];
            text = text[unit.Length..];
            var factor = 0m;
            foreach (var (name, size) in Units)
            {
                if (unit.SequenceEqual(name))
                {
                    factor = size;
                }
            }

            if (factor == 0 || number > 1e15m)
            {
                return false;
            }

            ticks += number * factor;
        }

        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        value = new TimeSpan((long)ticks);
        return true;
    }

    /// <summary>Writes a duration as Go does: <c>1m30s</c>, <c>1.5s</c>, <c>250ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        var magnitude = value.Duration();
        var builder = new StringBuilder(value < TimeSpan.Zero ? "-" : "");
        if (magnitude < TimeSpan.FromMilliseconds(1))
        {
            return builder.Append(CultureInfo.InvariantCulture, $"{(decimal)magnitude.Ticks / 10:0.#######}µs").ToString();
        }

        if (magnitude < TimeSpan.FromSeconds(1))
        {
            return builder.Append(CultureInfo.InvariantCulture, $"{(decimal)magnitude.Ticks / 10_000:0.#######}ms").ToString();
        }

        var hours = (long)magnitude.TotalHours;
        if (hours > 0)
        {
            builder.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }

        if (magnitude.TotalMinutes >= 1)
        {
            builder.Append(CultureInfo.InvariantCulture, $"{magnitude.Minutes}m");
        }

        var seconds = (decimal)(magnitude.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond;
        return builder.Append(CultureInfo.InvariantCulture, $"{seconds:0.#######}s").ToString();
    }
}

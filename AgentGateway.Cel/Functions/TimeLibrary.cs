using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The parts of timestamps, in UTC or a named or fixed time zone, and of durations.</summary>
internal static class TimeLibrary
{
    private static readonly CelValue BadZone = ConversionLibrary.Bad("unknown time zone");
    private static readonly CelValue OutOfRange = CelValue.FromError(CelErrorCode.Overflow, "local time out of range");

    public static void Register(LibraryBuilder library)
    {
        Part(library, "getFullYear", "The year.", static time => time.Year);
        Part(library, "getMonth", "The month, from 0.", static time => time.Month - 1);
        Part(library, "getDayOfYear", "The day of the year, from 0.", static time => time.DayOfYear - 1);
        Part(library, "getDayOfMonth", "The day of the month, from 0.", static time => time.Day - 1);
        Part(library, "getDate", "The day of the month, from 1.", static time => time.Day);
        Part(library, "getDayOfWeek", "The day of the week, Sunday is 0.", static time => (int)time.DayOfWeek);
        Part(library, "getHours", "The hour.", static time => time.Hour);
        Part(library, "getMinutes", "The minute.", static time => time.Minute);
        Part(library, "getSeconds", "The second.", static time => time.Second);
        Part(library, "getMilliseconds", "The milliseconds of the second.", static time => time.Millisecond);
        Whole(library, "getHours", "Whole hours of the duration.", 3_600_000_000_000);
        Whole(library, "getMinutes", "Whole minutes of the duration.", 60_000_000_000);
        Whole(library, "getSeconds", "Whole seconds of the duration.", 1_000_000_000);
        library.Method("duration.getMilliseconds() -> int", static (in CelCall call) => CelValue.FromInt((long)(CelTime.Nanos(call[0]) / 1_000_000 % 1000)), "The milliseconds of the second of the duration.");
    }

    private static void Part(LibraryBuilder library, string name, string description, Func<DateTime, int> part)
    {
        library.Method($"timestamp.{name}() -> int", (in CelCall call) => CelValue.FromInt(part(call[0].AsTimestamp().UtcDateTime)), description);
        library.Method($"timestamp.{name}(string) -> int", (in CelCall call) =>
            Shift(call[0].AsTimestamp().UtcDateTime, call[1].AsString(), out var local) is { IsError: true } error ? error : CelValue.FromInt(part(local)), description + " In a time zone: a name, or an offset such as `-08:00`.");
    }

    private static void Whole(LibraryBuilder library, string name, string description, long unit) =>
        library.Method($"duration.{name}() -> int", (in CelCall call) => CelValue.FromInt((long)(CelTime.Nanos(call[0]) / unit)), description);

    private static CelValue Shift(DateTime utc, string zone, out DateTime local)
    {
        local = utc;
        if (zone is "UTC" or "Z")
            return default;
        TimeSpan offset;
        if (TryParseOffset(zone, out var minutes))
        {
            offset = TimeSpan.FromMinutes(minutes);
        }
        else
        {
            // Only what can be the name of a zone goes to the system's zone files.
            if (zone.Length is 0 or > 64 || zone.Contains("..", StringComparison.Ordinal) || zone[0] == '/' || zone.AsSpan().IndexOfAnyExcept(ZoneCharacters) >= 0)
                return BadZone;
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var info))
                return BadZone;
            offset = info.GetUtcOffset(utc);
        }

        var ticks = utc.Ticks + offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return OutOfRange;
        local = new DateTime(ticks, DateTimeKind.Unspecified);
        return default;
    }

    private static readonly System.Buffers.SearchValues<char> ZoneCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    /// <summary>[+-]HH:MM; a missing sign is a plus.</summary>
    private static bool TryParseOffset(string zone, out int minutes)
    {
        minutes = 0;
        var text = zone.AsSpan();
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '+' or '-')
            text = text[1..];
        if (text.Length != 5 || text[2] != ':' || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[1]) || !char.IsAsciiDigit(text[3]) || !char.IsAsciiDigit(text[4]))
            return false;
        minutes = ((text[0] - '0') * 10 + (text[1] - '0')) * 60 + (text[3] - '0') * 10 + (text[4] - '0');
        if (minutes > 24 * 60)
            return false;
        if (negative)
            minutes = -minutes;
        return true;
    }
}

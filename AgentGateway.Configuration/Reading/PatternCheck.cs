using System.Text.RegularExpressions;

namespace AgentGateway.Configuration.Reading;

/// <summary>Says whether a regular expression can run in linear time, without making ready to run what most often can.</summary>
internal static class PatternCheck
{
    private const int LongestPattern = 4096;

    // A group that is repeated this often is as many states.
    private const int MostRepetitions = 1_000;

    /// <summary>What is wrong with the pattern, or null.</summary>
    public static string? Problem(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            return $"longer than {LongestPattern} characters";
        }

        try
        {
            pattern = RoutePattern.ToDotNet(pattern);

            // The linear engine takes milliseconds and hundreds of kilobytes for each pattern, parsing takes microseconds.
            _ = new Regex(pattern, IsPlain(pattern) ? RegexOptions.CultureInvariant : RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
        catch (ArgumentException)
        {
            return "it does not compile";
        }
        catch (NotSupportedException)
        {
            return "look-around, back references and atomic groups are not supported";
        }
    }

    /// <summary>True when nothing in the pattern can be of the kind that the linear engine refuses.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> pattern)
    {
        var repetitions = 1L;
        for (var i = 0; i < pattern.Length; i++)
        {
            var next = i + 1 < pattern.Length ? pattern[i + 1] : '\0';
            switch (pattern[i])
            {
                case '\\':
                    if (char.IsAsciiDigit(next) || next is 'k' or 'G')
                    {
                        return false;
                    }

                    i++;
                    break;
                case '(' when next == '?':
                    if (i + 2 >= pattern.Length || pattern[i + 2] != ':')
                    {
                        return false;
                    }

                    break;
                case '{':
                    repetitions *= Repetitions(pattern[(i + 1)..]);
                    if (repetitions > MostRepetitions)
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    /// <summary>The largest number of <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; 1 for any other text.</summary>
    private static int Repetitions(ReadOnlySpan<char> text)
    {
        var most = 1;
        var number = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = Math.Min((number * 10) + (c - '0'), MostRepetitions + 1);
                most = Math.Max(most, number);
            }
            else if (c == ',')
            {
                number = 0;
            }
            else
            {
                break;
            }
        }

        return most;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel.Functions;

/// <summary>A compiled regular expression in RE2 syntax, or the error it has. Matching is linear in the text.</summary>
internal sealed class RegexPattern
{
    public static readonly RegexPattern TooLong = new(null, CelValue.FromError(CelErrorCode.RegexLimit, "regular expression is too long"));

    public static readonly RegexPattern OutOfWork = new(null, EvalErrors.WorkLimit);

    /// <summary>Work for each millisecond of matching: a budget of five million is two seconds.</summary>
    private const int WorkOfMillisecond = 2500;

    private readonly IReadOnlyList<string?> _names;

    private RegexPattern(Regex? regex, CelValue error, int size = 0, IReadOnlyList<string?>? names = null)
    {
        _names = names ?? [];
        Regex = regex;
        Error = error;
        CompilationWork = 200 + size * 20;
    }

    public Regex? Regex { get; }

    public CelValue Error { get; }

    /// <summary>What compiling it took, as work of an evaluation.</summary>
    public int CompilationWork { get; }

    public static RegexPattern Create(string pattern, CelLimits limits)
    {
        if (pattern.Length > limits.MaxRegexLength)
            return TooLong;
        if (!RegexTranslator.TryTranslate(pattern, out var translated, out var names, out var size, out var problem))
            return new RegexPattern(null, CelValue.FromError(CelErrorCode.InvalidRegex, "invalid regular expression: " + problem));
        try
        {
            return new RegexPattern(new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, limits.RegexTimeout), default, size, names);
        }
        catch (ArgumentException)
        {
            return new RegexPattern(null, CelValue.FromError(CelErrorCode.InvalidRegex, "invalid regular expression"));
        }
        catch (NotSupportedException)
        {
            // Look-around and back-references, or more states than the linear engine takes.
            return new RegexPattern(null, CelValue.FromError(CelErrorCode.InvalidRegex, "regular expression is too complex, or uses look-around or back-references"));
        }
    }

    /// <summary>Number of groups, the whole match not counted.</summary>
    public int GroupCount => _names.Count;

    /// <summary>The number of a group by its name or number; -1 when there is none.</summary>
    public int FindGroup(ReadOnlySpan<char> name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number <= _names.Count ? number : -1;
        for (var i = 0; i < _names.Count; i++)
        {
            if (name.SequenceEqual(_names[i]))
                return i + 1;
        }

        return -1;
    }

    public CelValue IsMatch(ref EvalFrame frame, string text)
    {
        if (Regex is null)
            return Error;
        if (!frame.TrySpend(1 + (text.Length >> 3)))
            return EvalErrors.WorkLimit;
        var start = Stopwatch.GetTimestamp();
        try
        {
            return CelValue.FromBool(Regex.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return EvalErrors.RegexLimit;
        }
        finally
        {
            Charge(ref frame, start);
        }
    }

    /// <summary>Runs a search with captures; the error when it cannot be run.</summary>
    public CelValue TryMatch(ref EvalFrame frame, string text, int start, out Match match)
    {
        match = Match.Empty;
        if (Regex is null)
            return Error;
        if (!frame.TrySpend(1 + (text.Length - start >> 3)))
            return EvalErrors.WorkLimit;
        var began = Stopwatch.GetTimestamp();
        try
        {
            match = Regex.Match(text, start);
            return default;
        }
        catch (RegexMatchTimeoutException)
        {
            return EvalErrors.RegexLimit;
        }
        finally
        {
            Charge(ref frame, began);
        }
    }

    /// <summary>The same text takes an automaton with many states far longer than one with few: what a match took counts too, or a loop of slow ones would have no bound.</summary>
    private static void Charge(ref EvalFrame frame, long start)
    {
        var milliseconds = (Stopwatch.GetTimestamp() - start) * 1000 / Stopwatch.Frequency;
        if (milliseconds > 0)
            frame.Work -= milliseconds * WorkOfMillisecond;
    }
}

using System.Text;
using System.Text.RegularExpressions;
using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel.Functions;

/// <summary>The regex extension, and the gateway's <c>regexReplace</c>.</summary>
internal static class RegexLibrary
{
    private static readonly CelValue BadReplacement = ConversionLibrary.Bad("invalid replacement: a backslash stands before a digit of a group or before another backslash");
    private static readonly CelValue ManyGroups = ConversionLibrary.Bad("regular expression has more than one group");

    public static void Register(LibraryBuilder library)
    {
        library.Function("regex.replace(string, string, string) -> string", static (in CelCall call) => Replace(call, -1, dollars: false), "With all matches replaced; `\\1` stands for a group.");
        library.Function("regex.replace(string, string, string, int) -> string", static (in CelCall call) => Replace(call, call[3].Bits, dollars: false), "With the first matches replaced; negative for all.");
        library.Function("regex.extract(string, string) -> optional(string)", Extract, "The first match, or its group.");
        library.Function("regex.extractAll(string, string) -> list(string)", ExtractAll, "All matches, or their groups.");
    }

    public static CelValue ReplaceFirst(in CelCall call) => Replace(call, 1, dollars: true);

    private static CelValue Replace(in CelCall call, long limit, bool dollars)
    {
        var text = call[0].AsString();
        var replacement = call[2].AsString();
        var pattern = RegexCache.Get(ref call.Frame, call[1].AsString());
        if (pattern.Error.IsError)
            return pattern.Error;
        if (limit == 0)
            return call[0];
        var result = new StringBuilder();
        var copied = 0;
        var matches = new RegexMatches(pattern, text);
        for (long count = 0; limit < 0 || count < limit; count++)
        {
            var error = matches.Next(ref call.Frame, out var match);
            if (error.IsError)
                return error;
            if (match is null)
                break;
            result.Append(text, copied, match.Index - copied);
            var expanded = dollars ? ExpandDollars(pattern, match, replacement, result) : ExpandBackslashes(match, replacement, result);
            if (!expanded)
                return BadReplacement;
            if (result.Length > call.Limits.MaxValueSize)
                return EvalErrors.SizeLimit;
            copied = match.Index + match.Length;
        }

        result.Append(text, copied, text.Length - copied);
        return call.TryReserve(result.Length) ? CelValue.FromString(result.ToString()) : EvalErrors.SizeLimit;
    }

    /// <summary>\1 to \9 and \0 are groups, \\ is a backslash; anything else after a backslash is an error.</summary>
    private static bool ExpandBackslashes(Match match, string replacement, StringBuilder result)
    {
        for (var i = 0; i < replacement.Length; i++)
        {
            var c = replacement[i];
            if (c != '\\')
            {
                result.Append(c);
                continue;
            }

            if (++i >= replacement.Length)
                return false;
            if (replacement[i] == '\\')
                result.Append('\\');
            else if (char.IsAsciiDigit(replacement[i]) && replacement[i] - '0' < match.Groups.Count)
                result.Append(match.Groups[replacement[i] - '0'].ValueSpan);
            else
                return false;
        }

        return true;
    }

    /// <summary>$1, $name and ${name} are groups (an unknown one is empty), $$ is a dollar.</summary>
    private static bool ExpandDollars(RegexPattern pattern, Match match, string replacement, StringBuilder result)
    {
        for (var i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '$' || i + 1 >= replacement.Length)
            {
                result.Append(replacement[i]);
                continue;
            }

            var next = replacement[i + 1];
            if (next == '$')
            {
                result.Append('$');
                i++;
                continue;
            }

            var braced = next == '{';
            var start = braced ? i + 2 : i + 1;
            var end = start;
            while (end < replacement.Length && (char.IsAsciiLetterOrDigit(replacement[end]) || replacement[end] == '_'))
                end++;
            if (end == start || (braced && (end >= replacement.Length || replacement[end] != '}')))
            {
                result.Append('$');
                continue;
            }

            var group = pattern.FindGroup(replacement.AsSpan(start, end - start));
            if (group >= 0)
                result.Append(match.Groups[group].ValueSpan);
            i = braced ? end : end - 1;
        }

        return true;
    }

    private static CelValue Extract(in CelCall call)
    {
        var pattern = RegexCache.Get(ref call.Frame, call[1].AsString());
        if (pattern.Error.IsError)
            return pattern.Error;
        if (pattern.GroupCount > 1)
            return ManyGroups;
        var error = pattern.TryMatch(ref call.Frame, call[0].AsString(), 0, out var match);
        if (error.IsError)
            return error;
        var group = match.Groups[match.Groups.Count - 1];
        return match.Success && Counts(pattern, group) ? CelValue.FromOptional(CelValue.FromString(group.Value)) : CelValue.OptionalNone;
    }

    private static CelValue ExtractAll(in CelCall call)
    {
        var pattern = RegexCache.Get(ref call.Frame, call[1].AsString());
        if (pattern.Error.IsError)
            return pattern.Error;
        if (pattern.GroupCount > 1)
            return ManyGroups;
        var text = call[0].AsString();
        var items = new ListBuilder(0);
        var matches = new RegexMatches(pattern, text);
        while (true)
        {
            var error = matches.Next(ref call.Frame, out var match);
            if (error.IsError)
                return error;
            if (match is null)
                return items.ToValue();
            var group = match.Groups[match.Groups.Count - 1];
            if (!call.TryReserve(group.Length + 24L))
                return EvalErrors.SizeLimit;
            if (Counts(pattern, group))
                items.Add(CelValue.FromString(group.Value));
        }
    }

    /// <summary>A group that took part with nothing in it counts as none, as the extension has it; a whole match may be empty.</summary>
    private static bool Counts(RegexPattern pattern, Group group) => group.Success && (pattern.GroupCount == 0 || group.Length > 0);
}

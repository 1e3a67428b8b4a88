using System.Text.RegularExpressions;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The matches of a pattern from left to right, none inside another; an empty one at the end of the one before does not count.</summary>
internal struct RegexMatches(RegexPattern pattern, string text)
{
    private int _start;
    private int _previousEnd = -1;

    /// <summary>Steps to the next match; null after the last. The error when a search cannot be run.</summary>
    public CelValue Next(ref Evaluation.EvalFrame frame, out Match? match)
    {
        match = null;
        while (_start <= text.Length)
        {
            var error = pattern.TryMatch(ref frame, text, _start, out var found);
            if (error.IsError)
                return error;
            if (!found.Success)
                break;
            var end = found.Index + found.Length;
            _start = found.Length > 0 ? end : end < text.Length ? end + CodePoints.LengthAt(text, end) : end + 1;
            if (found.Length == 0 && found.Index == _previousEnd)
                continue;
            _previousEnd = end;
            match = found;
            return default;
        }

        _start = text.Length + 1;
        return default;
    }
}

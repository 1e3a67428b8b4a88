using AgentGateway.Configuration.Loading;

namespace AgentGateway.Proxy.CommandLine;

/// <summary>Prints what a load found, one problem a line: <c>file:line:column: kind: path: message</c>, the form editors jump to.</summary>
internal static class ProblemReport
{
    public static async Task WriteAsync(LoadResult result, string source, TextWriter writer)
    {
        foreach (var warning in result.Warnings)
        {
            await writer.WriteLineAsync(Line(source, "warning", warning));
        }

        foreach (var error in result.Errors)
        {
            await writer.WriteLineAsync(Line(source, "error", error));
        }

        if (result.Errors.Count > 0)
        {
            await writer.WriteLineAsync(result.Errors.Count == 1 ? "1 error: the configuration is not used" : $"{result.Errors.Count} errors: the configuration is not used");
        }
    }

    private static string Line(string source, string kind, ConfigurationProblem problem) =>
        problem.Path.Length == 0
            ? $"{source}:{problem.Line}:{problem.Column}: {kind}: {problem.Message}"
            : $"{source}:{problem.Line}:{problem.Column}: {kind}: {problem.Path}: {problem.Message}";
}

using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Loading;

/// <summary>An error or a warning about one place of a configuration document. Never carries a secret.</summary>
/// <param name="Path">JSON path of the value, such as <c>binds[0].listeners[1].protocol</c>; empty when the whole text is meant.</param>
/// <param name="Position">Line and column in the file.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record ConfigurationProblem(string Path, SourcePosition Position, string Message)
{
    /// <summary>Line in the file, from 1.</summary>
    public int Line => Position.Line;

    /// <summary>Column in the file, from 1.</summary>
    public int Column => Position.Column;

    /// <summary>The problem as one line: path, message and place.</summary>
    public override string ToString() => Path.Length == 0 ? $"{Message} ({Position})" : $"{Path}: {Message} ({Position})";
}

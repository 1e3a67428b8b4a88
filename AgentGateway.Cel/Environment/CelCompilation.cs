using System.Diagnostics.CodeAnalysis;

namespace AgentGateway.Cel;

/// <summary>The outcome of compiling one expression.</summary>
public sealed class CelCompilation
{
    internal CelCompilation(string source, CelProgram? program, IReadOnlyList<CelDiagnostic> diagnostics)
    {
        Source = source;
        Program = program;
        Diagnostics = diagnostics;
    }

    /// <summary>The text that was compiled.</summary>
    public string Source { get; }

    /// <summary>The program; null after errors.</summary>
    public CelProgram? Program { get; }

    /// <summary>True when there is a program.</summary>
    [MemberNotNullWhen(true, nameof(Program))]
    public bool Succeeded => Program is not null;

    /// <summary>Everything found, in the order of discovery.</summary>
    public IReadOnlyList<CelDiagnostic> Diagnostics { get; }

    /// <summary>The errors as one text: each with line, column, the offending line and a caret. Empty when there are none.</summary>
    public string ErrorText => string.Join('\n', Diagnostics.Where(static d => d.Severity == CelDiagnosticSeverity.Error));
}

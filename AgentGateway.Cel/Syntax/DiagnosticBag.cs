namespace AgentGateway.Cel.Syntax;

/// <summary>Collects diagnostics of one source, up to a bound, one per place, in the order of the text.</summary>
internal sealed class DiagnosticBag(string source, int limit)
{
    private readonly List<CelDiagnostic> _items = [];

    public IReadOnlyList<CelDiagnostic> Items => _items;

    public string Source => source;

    public bool HasErrors { get; private set; }

    public void Error(int offset, string message, string? suggestion = null) => Add(CelDiagnosticSeverity.Error, offset, message, suggestion);

    public void Warning(int offset, string message, string? suggestion = null) => Add(CelDiagnosticSeverity.Warning, offset, message, suggestion);

    public void Add(CelDiagnosticSeverity severity, int offset, string message, string? suggestion)
    {
        if (severity == CelDiagnosticSeverity.Error)
            HasErrors = true;
        if (_items.Count >= limit)
            return;
        foreach (var item in _items)
        {
            if (item.Offset == offset && (item.Severity == severity || item.Severity == CelDiagnosticSeverity.Error))
                return;
        }

        var at = _items.Count;
        while (at > 0 && _items[at - 1].Offset > offset)
            at--;
        _items.Insert(at, new CelDiagnostic(severity, message, source, offset, suggestion));
    }
}

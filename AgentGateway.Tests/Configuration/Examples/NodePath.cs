namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>Keys and indices from the root of a document.</summary>
internal sealed record NodePath(IReadOnlyList<object> Steps)
{
    public static NodePath Root { get; } = new([]);

    /// <summary>The nearest key; empty at the root.</summary>
    public string LastKey => Steps.OfType<string>().LastOrDefault() ?? "";

    /// <summary>The key above the nearest one.</summary>
    public string ParentKey => Steps.OfType<string>().SkipLast(1).LastOrDefault() ?? "";

    public bool IsItem => Steps.Count > 0 && Steps[^1] is int;

    public bool Has(string key) => Steps.Contains(key);

    public NodePath Key(string key) => new([.. Steps, key]);

    public NodePath Index(int index) => new([.. Steps, index]);

    public override string ToString() => string.Concat(Steps.Select(static (step, i) => step is int ? $"[{step}]" : i == 0 ? $"{step}" : $".{step}"));
}

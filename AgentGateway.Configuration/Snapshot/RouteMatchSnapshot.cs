namespace AgentGateway.Configuration.Snapshot;

/// <summary>Conditions that must all hold for a request to match a route.</summary>
public sealed record RouteMatchSnapshot
{
    /// <summary>Matches every path.</summary>
    public static RouteMatchSnapshot Any { get; } = new();

    /// <summary>Path condition; the prefix <c>/</c> by default.</summary>
    public PathMatchSnapshot Path { get; init; } = new(PathMatchKind.Prefix, "/");

    /// <summary>HTTP method, case-sensitive; null for any.</summary>
    public string? Method { get; init; }

    /// <summary>Conditions on headers, all of which must hold.</summary>
    public EquatableArray<HeaderMatchSnapshot> Headers { get; init; } = [];

    /// <summary>Conditions on query parameters, all of which must hold.</summary>
    public EquatableArray<QueryMatchSnapshot> Query { get; init; } = [];
}

/// <summary>A condition on a request header: one of its values must meet it.</summary>
/// <param name="Name">Header name, or <c>:method</c>, <c>:path</c>, <c>:authority</c>, <c>:scheme</c>.</param>
/// <param name="Value">The condition.</param>
public sealed record HeaderMatchSnapshot(string Name, ValueMatchSnapshot Value);

/// <summary>A condition on the last value of a query parameter.</summary>
/// <param name="Name">Parameter name.</param>
/// <param name="Value">The condition.</param>
public sealed record QueryMatchSnapshot(string Name, ValueMatchSnapshot Value);

/// <summary>A condition on a text.</summary>
/// <param name="Kind">How <paramref name="Value"/> is compared.</param>
/// <param name="Value">Exact text, or regular expression that must cover the whole text.</param>
public sealed record ValueMatchSnapshot(ValueMatchKind Kind, string Value);

/// <summary>How a header or query value is compared.</summary>
public enum ValueMatchKind
{
    /// <summary>Equal.</summary>
    Exact,

    /// <summary>Regular expression over the whole value.</summary>
    Regex,
}

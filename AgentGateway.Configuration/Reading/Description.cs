using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>What a value looks like, for the JSON schema and the reference page. Closed hierarchy.</summary>
internal abstract record Description;

/// <summary>A scalar.</summary>
/// <param name="Type">Name of the type in the reference page, such as <c>duration</c>.</param>
/// <param name="JsonTypes">Types in the JSON schema.</param>
/// <param name="Example">A value as it is written in YAML.</param>
internal sealed record ScalarDescription(string Type, string[] JsonTypes, string Example) : Description
{
    public string? Pattern { get; init; }

    /// <summary>Fewest characters.</summary>
    public int Shortest { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public string[]? Values { get; init; }
}

/// <summary>A list.</summary>
/// <param name="Item">Its items.</param>
/// <param name="Minimum">Fewest items.</param>
/// <param name="Maximum">Most items, when bounded.</param>
internal sealed record ListDescription(Description Item, int Minimum = 0, int? Maximum = null) : Description;

/// <summary>A map with free keys.</summary>
/// <param name="Value">Its values.</param>
/// <param name="Key">An example of a key.</param>
internal sealed record MapDescription(Description Value, string Key) : Description;

/// <summary>One of several forms.</summary>
/// <param name="Forms">The forms.</param>
internal sealed record UnionDescription(IReadOnlyList<Description> Forms) : Description;

/// <summary>Any JSON value.</summary>
/// <param name="Type">Name of the type in the reference page.</param>
/// <param name="JsonTypes">Types in the JSON schema; empty for all.</param>
/// <param name="Example">A value as it is written in YAML.</param>
internal sealed record AnyDescription(string Type, string[] JsonTypes, string Example) : Description;

/// <summary>A reference to a described object.</summary>
/// <param name="Name">Name of the object's type.</param>
internal sealed record ReferenceDescription(string Name) : Description;

/// <summary>A mapping with known keys.</summary>
/// <param name="Name">Name of the type.</param>
/// <param name="Doc">What it is.</param>
internal sealed record ObjectDescription(string Name, string Doc) : Description
{
    public List<KeyDescription> Keys { get; } = [];

    /// <summary>Groups of keys of which exactly one (<c>true</c>) or at most one (<c>false</c>) may be set.</summary>
    public List<(bool Required, string[] Keys)> Exclusive { get; } = [];
}

/// <summary>One key of a mapping.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Doc">What it means.</param>
/// <param name="Required">True when it must be set.</param>
/// <param name="Default">Default as shown, null when there is none.</param>
/// <param name="Example">Example that replaces the one of the value.</param>
/// <param name="Acts">False when the gateway reads and checks the key, and does not act on it yet.</param>
/// <param name="Read">Reads a value as the key's reader does; what is wrong with it ends up in the context.</param>
internal sealed record KeyDescription(
    string Key, Description Value, string Doc, bool Required, string? Default, string? Example, bool Acts, Action<ConfigNode, ReadContext> Read);

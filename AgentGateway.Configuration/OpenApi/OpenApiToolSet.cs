using System.Collections.Frozen;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>The tools of one OpenAPI document. Immutable; sets that were read from the same text are equal.</summary>
public sealed class OpenApiToolSet : IEquatable<OpenApiToolSet>
{
    private readonly string _text;

    internal OpenApiToolSet(string text, string title, string version, FrozenDictionary<string, OpenApiTool> tools, ReadOnlyMemory<byte> list)
    {
        _text = text;
        Title = title;
        Version = version;
        Tools = tools;
        List = list;
    }

    /// <summary>Title of the API.</summary>
    public string Title { get; }

    /// <summary>Version of the API.</summary>
    public string Version { get; }

    /// <summary>Tools by name.</summary>
    public FrozenDictionary<string, OpenApiTool> Tools { get; }

    /// <summary>Result of <c>tools/list</c>: a JSON object with the member <c>tools</c>, in the order of the document.</summary>
    public ReadOnlyMemory<byte> List { get; }

    /// <inheritdoc/>
    public bool Equals(OpenApiToolSet? other) => other is not null && (ReferenceEquals(this, other) || string.Equals(_text, other._text, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OpenApiToolSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);
}

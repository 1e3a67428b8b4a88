using System.Collections.Frozen;
using System.Collections.Immutable;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>An operation of an OpenAPI document, as a tool.</summary>
public sealed class OpenApiTool
{
    /// <summary>Name of the tool: the operation's <c>operationId</c>.</summary>
    public required string Name { get; init; }

    /// <summary>HTTP method in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>Path with the prefix of the document's server, as literal texts that are escaped already and parameters between them.</summary>
    public required ImmutableArray<OpenApiPathPart> Path { get; init; }

    /// <summary>Parameters of each group by name; names of headers in any case.</summary>
    public required FrozenDictionary<string, OpenApiParameter> PathParameters { get; init; }

    /// <inheritdoc cref="PathParameters"/>
    public required FrozenDictionary<string, OpenApiParameter> QueryParameters { get; init; }

    /// <inheritdoc cref="PathParameters"/>
    public required FrozenDictionary<string, OpenApiParameter> HeaderParameters { get; init; }

    /// <summary>What is sent as body.</summary>
    public OpenApiBody Body { get; init; }

    /// <summary>True when a call without a body cannot be made.</summary>
    public bool BodyRequired { get; init; }
}

/// <summary>A piece of a path.</summary>
/// <param name="Text">Escaped text; or, with <paramref name="IsParameter"/>, the name of the parameter that stands there.</param>
/// <param name="IsParameter">True for a parameter.</param>
public readonly record struct OpenApiPathPart(string Text, bool IsParameter);

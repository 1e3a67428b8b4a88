namespace AgentGateway.Configuration.OpenApi;

/// <summary>One parameter of an operation.</summary>
public sealed record OpenApiParameter
{
    /// <summary>Name as it is sent.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is sent.</summary>
    public required OpenApiGroup Group { get; init; }

    /// <summary>True when a call without it cannot be made. Always true in paths.</summary>
    public bool Required { get; init; }

    /// <summary>How lists and objects are written.</summary>
    public OpenApiStyle Style { get; init; }

    /// <summary>True when each item of a list is a parameter of its own (the default in queries).</summary>
    public bool Explode { get; init; }

    /// <summary>True when the schema says that the value is an object.</summary>
    public bool IsObject { get; init; }
}

/// <summary>Where a parameter is sent; the names of the groups in arguments are those in lower case.</summary>
public enum OpenApiGroup
{
    /// <summary>In the path.</summary>
    Path,

    /// <summary>In the query.</summary>
    Query,

    /// <summary>As a header.</summary>
    Header,
}

/// <summary>How a query parameter that is a list or an object is written (OpenAPI 3.0, "style values").</summary>
public enum OpenApiStyle
{
    /// <summary><c>a=1&amp;a=2</c>, or <c>a=1,2</c> when not exploded. The default.</summary>
    Form,

    /// <summary><c>a=1%202</c> when not exploded.</summary>
    SpaceDelimited,

    /// <summary><c>a=1%7C2</c> when not exploded.</summary>
    PipeDelimited,

    /// <summary><c>a[b]=1</c> for objects.</summary>
    DeepObject,
}

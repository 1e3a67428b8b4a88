using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A plain HTTP request to the service: 2xx allows.</summary>
public sealed record ExtAuthzHttp
{
    internal static Shape<ExtAuthzHttp> Shape { get; } = Shapes.Object("ExtAuthzHttp", "A plain HTTP request to the service: 2xx allows.", Read);

    /// <summary>Path of the request to the service; the original one by default.</summary>
    public Expression? Path { get; init; }

    /// <summary>Where a 401 or 403 sends the client.</summary>
    public Expression? Redirect { get; init; }

    /// <summary>Body of the request to the service.</summary>
    public Expression? Body { get; init; }

    /// <summary>Headers of the answer that go upstream.</summary>
    public EquatableArray<string> IncludeResponseHeaders { get; init; } = [];

    /// <summary>Headers of the request to the service.</summary>
    public EquatableMap<Expression> AddRequestHeaders { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Values taken from the answer, seen as <c>extauthz.&lt;name&gt;</c>.</summary>
    public EquatableMap<Expression> Metadata { get; init; } = EquatableMap<Expression>.Empty;

    private static ExtAuthzHttp Read(ObjectReader r) => new()
    {
        Path = r.Optional("path", Expression.Shape, "Path of the request to the service; the original one by default.", "'\"/auth\"'"),
        Redirect = r.Optional("redirect", Expression.Shape, "Where a 401 or 403 sends the client.", "'\"/login\"'"),
        Body = r.Optional("body", Expression.Shape, "Body of the request to the service.", "'\"check\"'"),
        IncludeResponseHeaders = r.List("includeResponseHeaders", HeaderShapes.Name, "Headers of the answer that go upstream.", "[\"x-user\"]"),
        AddRequestHeaders = r.HeaderMap("addRequestHeaders", Expression.Shape, "Headers of the request to the service.", "x-original", "request.path"),
        Metadata = r.Map("metadata", Expression.Shape, "Values taken from the answer, seen as `extauthz.<name>`.", "user", "response.headers[\"x-user\"]"),
    };
}

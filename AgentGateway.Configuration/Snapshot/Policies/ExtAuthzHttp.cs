namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A plain HTTP request to the service: 2xx allows.</summary>
public sealed record ExtAuthzHttp
{
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
}

using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>Fields of the records.</summary>
public sealed record OtlpLogFields
{
    internal static Shape<OtlpLogFields> Shape { get; } = Shapes.Object("OtlpLogFields", "Fields of the records.", Read);

    /// <summary>Fields to leave out.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Fields to add.</summary>
    public EquatableMap<Expression> Add { get; init; } = EquatableMap<Expression>.Empty;

    private static OtlpLogFields Read(ObjectReader r) => new()
    {
        Remove = r.List("remove", Shapes.Text, "Fields to leave out.", "[\"http.version\"]"),
        Add = r.Map("add", Expression.Shape, "Fields to add.", "user", "jwt.sub"),
    };
}

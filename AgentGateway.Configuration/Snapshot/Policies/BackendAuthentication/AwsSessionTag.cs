using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A session tag.</summary>
public sealed record AwsSessionTag
{
    internal static Shape<AwsSessionTag> Shape { get; } = Shapes.Object("AwsSessionTag", "A session tag.", Read);

    /// <summary>Name of the tag.</summary>
    public required string Key { get; init; }

    /// <summary>Fixed value.</summary>
    public string? Value { get; init; }

    /// <summary>Expression that gives the value.</summary>
    public Expression? Expression { get; init; }

    private static AwsSessionTag Read(ObjectReader r)
    {
        var v = new AwsSessionTag
        {
            Key = r.Required("key", Shapes.NonEmptyText, "Name of the tag.", "team"),
            Value = r.Optional("value", Shapes.Text, "Fixed value.", "platform"),
            Expression = r.Optional("expression", Expression.Shape, "Expression that gives the value.", "jwt.team"),
        };
        r.ExactlyOne("value", "expression");
        return v;
    }
}

using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Name of an AWS session. One of the two is set.</summary>
/// <param name="Text">Fixed name.</param>
/// <param name="Expression">Expression that gives it.</param>
public sealed record AwsSessionName(string? Text, Expression? Expression)
{
    internal static Shape<AwsSessionName> Shape { get; } = Shapes.ByKind(
        scalar: Shapes.NonEmptyText.As(static text => new AwsSessionName(text, null)),
        mapping: Shapes.Object("AwsSessionName", "Name of an AWS session by expression.", static r =>
            new AwsSessionName(null, r.Required("expression", Expression.Shape, "Expression that gives the name.", "jwt.sub"))));
}

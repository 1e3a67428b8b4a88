using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Name of an AWS session. One of the two is set.</summary>
/// <param name="Text">Fixed name.</param>
/// <param name="Expression">Expression that gives it.</param>
public sealed record AwsSessionName(string? Text, Expression? Expression)
{
    // STS: 2 to 64 characters of a fixed set.
    private static readonly Shape<string> Fixed = Shapes.TextWith("session name", "gateway", static (text, _) =>
        text.Length is >= 2 and <= 64 && !text.AsSpan().ContainsAnyExcept(CharacterSets.SessionName)
            ? null
            : "session name must be 2-64 characters of A-Z, a-z, 0-9 and _+=,.@-");

    internal static Shape<AwsSessionName> Shape { get; } = Shapes.ByKind(
        scalar: Fixed.As(static text => new AwsSessionName(text, null)),
        mapping: Shapes.Object("AwsSessionName", "Name of an AWS session by expression.", static r =>
            new AwsSessionName(null, r.Required("expression", Expression.Shape, "Expression that gives the name.", "jwt.sub"))));
}

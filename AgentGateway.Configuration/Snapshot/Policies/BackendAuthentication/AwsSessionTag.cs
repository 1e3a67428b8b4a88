using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A session tag.</summary>
public sealed record AwsSessionTag
{
    private static readonly Shape<string> TagKey = Shapes.TextWith("session tag key", "team", static (text, _) => Check(text, 128) ?? (text.Length == 0 ? "must not be empty" : null));

    private static readonly Shape<string> TagValue = Shapes.TextWith("session tag", "platform", static (text, _) => Check(text, 256));

    internal static Shape<AwsSessionTag> Shape { get; } = Shapes.Object("AwsSessionTag", "A session tag.", Read);

    /// <summary>Name of the tag.</summary>
    public required string Key { get; init; }

    /// <summary>Fixed value.</summary>
    public string? Value { get; init; }

    /// <summary>Expression that gives the value.</summary>
    public Expression? Expression { get; init; }

    // STS: letters, digits, separators and _.:/=+-@.
    private static string? Check(string text, int longest)
    {
        if (text.Length > longest)
        {
            return $"must not be longer than {longest} characters";
        }

        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && !char.IsSeparator(c) && !"_.:/=+-@".Contains(c, StringComparison.Ordinal))
            {
                return "contains characters that STS does not accept; write letters, digits, blanks and _.:/=+-@";
            }
        }

        return null;
    }

    private static AwsSessionTag Read(ObjectReader r)
    {
        var v = new AwsSessionTag
        {
            Key = r.Required("key", TagKey, "Name of the tag.", "team"),
            Value = r.Optional("value", TagValue, "Fixed value.", "platform"),
            Expression = r.Optional("expression", Expression.Shape, "Expression that gives the value.", "jwt.team"),
        };
        r.ExactlyOne("value", "expression");
        return v;
    }
}

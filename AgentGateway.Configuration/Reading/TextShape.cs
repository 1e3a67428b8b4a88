using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A string; numbers and booleans without quotes are refused, since what they would become is not always what was written.</summary>
internal sealed class TextShape(string type, string example, Func<string, Place, string?>? check, bool hidden = false, bool filled = false) : ScalarShape<string>("")
{
    public override Description Describe(Catalogue catalogue) => new ScalarDescription(type, ["string"], example) { Shortest = filled ? 1 : 0 };

    protected override (string Expected, string Remedy) Wanted => ("a string", "write it in quotes");

    protected override bool TryRead(ScalarNode scalar, Place place, out string value)
    {
        value = scalar.Text;
        if (scalar.Kind != ScalarKind.Text)
        {
            if (hidden && scalar.Kind != ScalarKind.Null)
            {
                place.Error($"invalid type: {scalar.KindName}, expected a string; write it in quotes");
                return true;
            }

            return false;
        }

        if (filled && scalar.Text.Length == 0)
        {
            place.Error($"invalid {type} ``: must not be empty");
        }
        else if (check?.Invoke(scalar.Text, place) is { } problem)
        {
            place.Error(hidden ? $"invalid {type}: {problem}" : $"invalid {type} `{scalar.Shown}`: {problem}");
            value = "";
        }

        return true;
    }
}

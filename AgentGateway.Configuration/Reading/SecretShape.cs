using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A secret text; no message repeats it.</summary>
internal sealed class SecretShape : ScalarShape<Secret>
{
    private SecretShape()
        : base(new Secret(""))
    {
    }

    /// <summary>The secret itself.</summary>
    public static Shape<Secret> Inline { get; } = new SecretShape();

    /// <summary>The secret itself, or the file that holds it; white space at the end of the file does not count.</summary>
    public static Shape<Secret> FileOrInline { get; } = Shapes.ByKind(
        scalar: Inline,
        mapping: Shapes.Object("SecretFile", "A secret in a file.", static r =>
        {
            var file = r.Required("file", FileShapes.Content, "File, relative to the working directory; white space at its end does not count.", "/run/secrets/key");
            return new Secret(file.Text.TrimEnd());
        }));

    public override Description Describe(Catalogue catalogue) => new ScalarDescription("secret", ["string"], "secret");

    protected override (string Expected, string Remedy) Wanted => ("a string", "write it in quotes");

    protected override bool TryRead(ScalarNode scalar, Place place, out Secret value)
    {
        value = new Secret(scalar.Text);
        if (scalar.Kind == ScalarKind.Null)
        {
            return false;
        }

        if (scalar.Kind != ScalarKind.Text)
        {
            // A key made of digits is no number; it is not shown either.
            if (!scalar.FromEnvironment)
            {
                place.Error($"invalid type: {scalar.KindName}, expected a string; write it in quotes");
            }
        }
        else if (scalar.Text.Length == 0)
        {
            place.Error("the secret is empty");
        }

        return true;
    }
}

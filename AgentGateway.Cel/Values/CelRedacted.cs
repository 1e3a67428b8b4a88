namespace AgentGateway.Cel;

/// <summary>A secret: prints as <c>&lt;redacted&gt;</c> everywhere, and gives its text only to the function <c>unredacted()</c>.</summary>
/// <param name="secret">The text to guard.</param>
public sealed class CelRedacted(string secret) : CelOpaque
{
    /// <summary>What is shown instead of the secret.</summary>
    public const string Mask = "<redacted>";

    /// <summary>The declared CEL type of such values.</summary>
    public static CelType DeclaredType { get; } = CelType.Opaque("redacted");

    internal string Secret { get; } = secret;

    /// <inheritdoc/>
    public override CelType Type => DeclaredType;

    /// <inheritdoc/>
    public override bool EqualTo(CelOpaque other) => other is CelRedacted redacted && string.Equals(redacted.Secret, Secret, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToText() => Mask;
}

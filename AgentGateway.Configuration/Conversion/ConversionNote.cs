namespace AgentGateway.Configuration.Conversion;

/// <summary>What became of one value of a converted document.</summary>
/// <param name="Fidelity">How well it was carried over.</param>
/// <param name="Path">Its JSON path in the source.</param>
/// <param name="Message">What was done, or what is left to do by hand. Never carries a secret.</param>
public sealed record ConversionNote(ConversionFidelity Fidelity, string Path, string Message)
{
    /// <summary>The note as one line.</summary>
    public override string ToString() => $"{Fidelity switch
    {
        ConversionFidelity.Exact => "exact",
        ConversionFidelity.Approximate => "approximate",
        ConversionFidelity.Manual => "manual",
        _ => "unsupported",
    }}: {Path}: {Message}";
}

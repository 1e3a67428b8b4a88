namespace AgentGateway.Configuration.Conversion;

/// <summary>A converted document.</summary>
/// <param name="Text">The new document; null when the source could not be converted, which <paramref name="Problem"/> then says.</param>
/// <param name="Problem">Why nothing was converted, or null.</param>
/// <param name="Notes">What became of the parts of the source.</param>
public sealed record ConversionResult(string? Text, string? Problem, IReadOnlyList<ConversionNote> Notes);

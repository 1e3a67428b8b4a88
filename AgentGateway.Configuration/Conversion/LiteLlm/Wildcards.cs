namespace AgentGateway.Configuration.Conversion.LiteLlm;

/// <summary>Names with one <c>*</c>, which stands for what the client sends.</summary>
internal static class Wildcards
{
    /// <summary>Why a pair of names cannot be said here, or null.</summary>
    /// <param name="group">Name that clients ask for.</param>
    /// <param name="model">Name at the provider, without the provider.</param>
    public static string? Problem(string group, string model)
    {
        foreach (var name in (ReadOnlySpan<string>)[group, model])
        {
            var stars = name.AsSpan().Count('*');
            if (stars > 1 || (stars == 1 && !name.StartsWith('*') && !name.EndsWith('*')))
            {
                return "a `*` may stand once, at the start or the end of a name";
            }
        }

        if (model.Contains('*', StringComparison.Ordinal) && !group.Contains('*', StringComparison.Ordinal))
        {
            return "`*` in the provider's name needs one in model_name";
        }

        return IsEnding(group) != IsEnding(model) && model.Contains('*', StringComparison.Ordinal) && model != "*" && group != "*" ? "the `*` of both names must stand at the same end"
            : IsEnding(model) && group != model ? "a name that ends differently at the provider cannot be rewritten"
            : null;
    }

    /// <summary>How the name that the client sends becomes the provider's, or null when it stays.</summary>
    public static string? Transformation(string group, string model)
    {
        if (!model.EndsWith('*') || IsEnding(group))
        {
            return null;
        }

        var sent = group[..^1];
        var wanted = model[..^1];
        if (sent == wanted)
        {
            return null;
        }

        var rest = sent.Length == 0 ? "llmRequest.model" : $"llmRequest.model.stripPrefix({Quote(sent)})";
        return wanted.Length == 0 ? rest : $"{Quote(wanted)} + {rest}";
    }

    // *-preview
    private static bool IsEnding(string name) => name.Length > 1 && name[0] == '*';

    // A dollar sign would be expanded when the document is read.
    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
}

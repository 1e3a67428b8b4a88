using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Normalisation;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Loading;

/// <summary>
/// Turns a configuration text into what the gateway runs on: environment expansion, YAML, strict reading, normalisation.
/// Finds all errors in one go.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>Loads a YAML or JSON text.</summary>
    /// <param name="text">The text; an empty one is an empty configuration.</param>
    /// <param name="sourceName">Name of the text in messages, such as the file's path.</param>
    /// <param name="options">Environment, files and purpose of the load.</param>
    /// <returns>Snapshot and settings, or all errors.</returns>
    public static LoadResult Load(string text, string sourceName, LoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(sourceName);
        ArgumentNullException.ThrowIfNull(options);
        var context = new ReadContext(options);
        if (text.Length > EnvironmentExpansion.LongestText)
        {
            context.Errors.Add(new ConfigurationProblem("", SourcePosition.Start, $"{sourceName} is longer than {EnvironmentExpansion.LongestText} characters"));
            return Failed(context);
        }

        // A byte order mark belongs to the encoding, not to the first key.
        var source = EnvironmentExpansion.Expand(text.TrimStart('\uFEFF'), options.Environment, context.Errors);
        context.HasUnsetVariables = context.Errors.Count > 0;
        var root = YamlDocument.Parse(source, context.Errors);
        if (root is null)
        {
            return Failed(context);
        }

        CustomFunctions.Read(root, context);
        var document = ConfigurationDocument.Shape.Read(new Place(context, ConfigPath.Root, root));
        var snapshot = Normaliser.Normalise(document, context);
        if (context.Errors.Count > 0)
        {
            return Failed(context);
        }

        return new LoadResult
        {
            Snapshot = snapshot,
            Settings = document.Config,
            Errors = [],
            Warnings = context.Warnings,
            ReferencedFiles = context.ReferencedFiles,
            IsSupported = context.NotSupported == 0,
        };
    }

    private static LoadResult Failed(ReadContext context)
    {
        var errors = context.Errors.OrderBy(static e => e.Line).ThenBy(static e => e.Column).ToList();
        if (context.Omitted > 0)
        {
            errors.Add(new ConfigurationProblem("", SourcePosition.Start, $"{context.Omitted} more errors are not listed"));
        }

        return new LoadResult { Errors = errors, Warnings = context.Warnings, ReferencedFiles = context.ReferencedFiles };
    }
}

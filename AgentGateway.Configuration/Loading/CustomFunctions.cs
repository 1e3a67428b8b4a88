using AgentGateway.Cel;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Loading;

/// <summary>Functions that the document defines for its expressions: needed before the first expression is read.</summary>
internal static class CustomFunctions
{
    public static void Read(ConfigNode root, ReadContext context)
    {
        if (Find(root, "config") is not { } config || Find(config, "customFunctions") is not ScalarNode { Kind: ScalarKind.Text, Text.Length: > 0 } scalar)
        {
            return;
        }

        context.Expressions = context.Expressions.WithCustomFunctions(scalar.Text, out var diagnostics);
        context.CustomFunctions = scalar.Text;
        var path = ConfigPath.Root.Key("config").Key("customFunctions");
        foreach (var diagnostic in diagnostics)
        {
            var message = scalar.FromEnvironment ? "parts of the definitions come from the environment and are not shown" : $"{diagnostic.Message} (line {diagnostic.Line}, column {diagnostic.Column} of the definitions)";
            if (diagnostic.Severity == CelDiagnosticSeverity.Error)
            {
                context.Error(path, scalar.Position, $"invalid function: {message}");
            }
            else
            {
                context.Warning(path, scalar.Position, $"function: {message}");
            }
        }
    }

    private static ConfigNode? Find(ConfigNode node, string key) =>
        node is MappingNode mapping && mapping.IndexOf(key) is >= 0 and var index ? mapping.Entries[index].Value : null;
}

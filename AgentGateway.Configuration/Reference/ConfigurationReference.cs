using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Reference;

/// <summary>What the configuration may hold, described from the readers themselves, so that it cannot drift from what is read.</summary>
public static class ConfigurationReference
{
    /// <summary>JSON schema (draft 7) for editors, indented.</summary>
    public static string Schema() => SchemaWriter.Write(Describe(), Root);

    /// <summary>Reference page in Markdown: every key with type, default, meaning and example.</summary>
    public static string Page() => new PageWriter(Describe()).Write(Root);

    internal static string Root => "Document";

    internal static Catalogue Describe()
    {
        var catalogue = new Catalogue();
        ConfigurationDocument.Shape.Describe(catalogue);
        return catalogue;
    }
}

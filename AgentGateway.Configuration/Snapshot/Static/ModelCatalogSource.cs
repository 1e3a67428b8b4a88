using AgentGateway.Configuration.Model.Static;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>A source of model prices; exactly one form.</summary>
public sealed record ModelCatalogSource
{
    internal static Shape<ModelCatalogSource> Shape { get; } = Shapes.Object("ModelCatalogSource", "A source of model prices; exactly one form.", Read);

    /// <summary>A JSON file.</summary>
    public PemFile? File { get; init; }

    /// <summary>The catalogue itself.</summary>
    public ModelCatalog? Inline { get; init; }

    private static ModelCatalogSource Read(ObjectReader r)
    {
        var v = new ModelCatalogSource
        {
            File = r.Optional("file", FileShapes.Content, "A JSON file.", "./models.json"),
            Inline = r.Optional("inline", StaticShapes.InlineCatalog, "The catalogue itself."),
        };
        r.ExactlyOne("file", "inline");
        if (v.File is { Text.Length: > 0 } file)
        {
            foreach (var problem in StaticShapes.ReadCatalog(file.Text, r.Context.Options).Problems)
            {
                r.Error("file", $"cannot use file `{Quoting.Shorten(file.Path)}`: {problem}");
            }
        }

        return v;
    }
}

using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Policies;

/// <summary>
/// A document given inline, as <c>{file}</c> or as <c>{url}</c>. What is at a URL is fetched, kept and refreshed by the data plane before it serves;
/// here only the address is checked.
/// </summary>
internal sealed class DocumentShape : Shape<DocumentSource>
{
    private static readonly Shape<DocumentSource> Form = Shapes.Object("FileOrUrl", "A document in a file or at a URL.", static r =>
    {
        var file = r.Optional("file", FileShapes.Content, "File, relative to the working directory.", "./keys.json");
        var url = r.Optional("url", ValueShapes.Url, "URL; fetched before the configuration serves, kept and refreshed.", "https://example.com/keys.json");
        r.ExactlyOne("file", "url");
        return Uri.TryCreate(url, UriKind.Absolute, out var address) ? new DocumentSource { Url = address } : new DocumentSource { Text = file?.Text ?? "" };
    });

    private DocumentShape()
    {
    }

    public static Shape<DocumentSource> Shape { get; } = new DocumentShape();

    public override DocumentSource Read(Place place) =>
        place.Node is ScalarNode ? new DocumentSource { Text = Shapes.NonEmptyText.Read(place) } : Form.Read(place);

    public override DocumentSource Fallback(ReadContext context) => new() { Text = "" };

    public override Description Describe(Catalogue catalogue) => new UnionDescription([Shapes.Text.Describe(catalogue), Form.Describe(catalogue)]);
}

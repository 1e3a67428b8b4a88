using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>
/// A document given inline, as <c>{file}</c> or as <c>{url}</c>. What is at a URL is fetched, kept and refreshed by the data plane before it serves;
/// here only the address is checked.
/// </summary>
internal sealed class ResourceShape : Shape<Resource>
{
    private static readonly Shape<Resource> Form = Shapes.Object("FileOrUrl", "A document in a file or at a URL.", static r =>
    {
        var file = r.Optional("file", FileShapes.Content, "File, relative to the working directory.", "./keys.json");
        var url = r.Optional("url", ValueShapes.Url, "URL; fetched before the configuration serves, kept and refreshed.", "https://example.com/keys.json");
        r.ExactlyOne("file", "url");
        return url is null ? new Resource { Text = file?.Text ?? "", File = file?.Path } : new Resource { Url = url };
    });

    public override Resource Read(Place place) => place.Node is ScalarNode ? new Resource { Text = Shapes.NonEmptyText.Read(place) } : Form.Read(place);

    public override Resource Fallback(ReadContext context) => new() { Text = "" };

    public override Description Describe(Catalogue catalogue) => new UnionDescription([Shapes.Text.Describe(catalogue), Form.Describe(catalogue)]);
}

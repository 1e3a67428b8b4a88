using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Which operation is being read.</summary>
/// <param name="Method">HTTP method in upper case.</param>
/// <param name="Template">Path as the document has it.</param>
/// <param name="Path">Place in the document.</param>
internal sealed record OperationPlace(string Method, string Template, ConfigPath Path)
{
    /// <summary>The operation in words.</summary>
    public string Name => $"{Method} {Quoting.Shorten(Template)}";
}

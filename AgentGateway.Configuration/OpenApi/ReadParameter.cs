using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>A parameter with what the document says of its value.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Schema">Schema of its value, or a reference to one.</param>
/// <param name="Description">Description of the parameter, which counts before that of its schema.</param>
/// <param name="Path">Place in the document.</param>
internal sealed record ReadParameter(OpenApiParameter Parameter, ConfigNode Schema, string? Description, ConfigPath Path);

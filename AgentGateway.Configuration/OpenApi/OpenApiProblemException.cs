using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Ends the reading of one operation. Never leaves the reader.</summary>
internal sealed class OpenApiProblemException(ConfigPath path, SourcePosition position, string message) : Exception(message)
{
    public ConfigPath Path { get; } = path;

    public SourcePosition Position { get; } = position;
}

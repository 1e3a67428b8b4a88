using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>An LLM provider; exactly one.</summary>
public sealed record AiProvider
{
    internal static Shape<AiProvider> Shape { get; } = Shapes.Object("AiProvider", "An LLM provider; exactly one.", Read);

    /// <summary>OpenAI.</summary>
    public OpenAiProvider? OpenAi { get; init; }

    /// <summary>Google Gemini.</summary>
    public GeminiProvider? Gemini { get; init; }

    /// <summary>Google Vertex AI.</summary>
    public VertexProvider? Vertex { get; init; }

    /// <summary>Anthropic.</summary>
    public AnthropicProvider? Anthropic { get; init; }

    /// <summary>Amazon Bedrock.</summary>
    public BedrockProvider? Bedrock { get; init; }

    /// <summary>Azure.</summary>
    public AzureProvider? Azure { get; init; }

    /// <summary>GitHub Copilot.</summary>
    public CopilotProvider? Copilot { get; init; }

    /// <summary>Any provider that speaks known formats.</summary>
    public CustomProvider? Custom { get; init; }

    private static AiProvider Read(ObjectReader r)
    {
        var v = new AiProvider
        {
            OpenAi = r.Optional("openAI", OpenAiProvider.Shape, "OpenAI.", "{model: gpt-4o-mini}"),
            Gemini = r.Optional("gemini", GeminiProvider.Shape, "Google Gemini.", "{}"),
            Vertex = r.Optional("vertex", VertexProvider.Shape, "Google Vertex AI.", "{projectId: my-project}"),
            Anthropic = r.Optional("anthropic", AnthropicProvider.Shape, "Anthropic.", "{}"),
            Bedrock = r.Optional("bedrock", BedrockProvider.Shape, "Amazon Bedrock.", "{region: us-west-2}"),
            Azure = r.Optional("azure", AzureProvider.Shape, "Azure.", "{resourceName: my-resource, resourceType: openAI}"),
            Copilot = r.Optional("copilot", CopilotProvider.Shape, "GitHub Copilot.", "{}"),
            Custom = r.Optional("custom", CustomProvider.Shape, "Any provider that speaks known formats.", "{formats: [{type: completions}]}"),
        };
        r.ExactlyOne("openAI", "gemini", "vertex", "anthropic", "bedrock", "azure", "copilot", "custom");
        return v;
    }
}

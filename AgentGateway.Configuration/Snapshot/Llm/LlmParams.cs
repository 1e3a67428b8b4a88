using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Settings of a provider.</summary>
public sealed record LlmParams
{
    internal static Shape<LlmParams> Shape { get; } = Shapes.Object("LlmParams", "Settings of a provider.", Read);

    private static readonly Shape<string> BaseUrlShape = Shapes.TextWith("URL", "https://example.com/v1", static (text, _) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) ? "write an absolute http or https URL"
        : url.Host.Length == 0 ? "params.baseUrl must include a host"
        : url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 ? "params.baseUrl cannot include user info, query parameters, or a fragment"
        : null);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    /// <summary>API key.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>AWS region.</summary>
    public string? AwsRegion { get; init; }

    /// <summary>Vertex region.</summary>
    public string? VertexRegion { get; init; }

    /// <summary>Vertex project.</summary>
    public string? VertexProject { get; init; }

    /// <summary>Azure resource.</summary>
    public string? AzureResourceName { get; init; }

    /// <summary>Kind of Azure resource.</summary>
    public AzureResourceType? AzureResourceType { get; init; }

    /// <summary>Version of the Azure API.</summary>
    public string? AzureApiVersion { get; init; }

    /// <summary>Foundry project.</summary>
    public string? AzureProjectName { get; init; }

    /// <summary>Base URL of the API, with its path.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Address instead of the provider's own; <c>baseUrl</c> is the better way.</summary>
    public TargetAddress? HostOverride { get; init; }

    /// <summary>Path instead of the provider's own; <c>baseUrl</c> is the better way.</summary>
    public string? PathOverride { get; init; }

    /// <summary>Path in front of the provider's own; <c>baseUrl</c> is the better way.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Count prompt tokens before the call.</summary>
    public bool Tokenize { get; init; }

    private static LlmParams Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "gpt-4o-mini"),
        ApiKey = r.Optional("apiKey", SecretShape.FileOrInline, "API key.", "$OPENAI_API_KEY"),
        AwsRegion = r.Optional("awsRegion", Shapes.NonEmptyText, "AWS region.", "us-west-2"),
        VertexRegion = r.Optional("vertexRegion", Shapes.NonEmptyText, "Vertex region.", "us-central1"),
        VertexProject = r.Optional("vertexProject", Shapes.NonEmptyText, "Vertex project.", "my-project"),
        AzureResourceName = r.Optional("azureResourceName", Shapes.NonEmptyText, "Azure resource.", "my-resource"),
        AzureResourceType = r.OptionalValue("azureResourceType", EnumShapes.AzureResourceTypeWords, "Kind of Azure resource."),
        AzureApiVersion = r.Optional("azureApiVersion", Shapes.NonEmptyText, "Version of the Azure API.", "v1"),
        AzureProjectName = r.Optional("azureProjectName", Shapes.NonEmptyText, "Foundry project.", "my-project"),
        BaseUrl = r.Optional("baseUrl", BaseUrlShape, "Base URL of the API, with its path.", "http://localhost:11434/v1"),
        HostOverride = r.Optional("hostOverride", AddressShape.Target, "Address instead of the provider's own; `baseUrl` is the better way.", "localhost:8000"),
        PathOverride = r.Optional("pathOverride", Shapes.Text, "Path instead of the provider's own; `baseUrl` is the better way.", "/v1/chat/completions"),
        PathPrefix = r.Optional("pathPrefix", Shapes.Text, "Path in front of the provider's own; `baseUrl` is the better way.", "/api"),
        Tokenize = r.Value("tokenize", Shapes.Flag, false, "Count prompt tokens before the call.", "false"),
    };
}

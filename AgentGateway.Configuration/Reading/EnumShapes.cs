using AgentGateway.Configuration.Model.Frontend;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Configuration.Snapshot.Static;
using AgentGateway.Configuration.Snapshot.Tls;

namespace AgentGateway.Configuration.Reading;

/// <summary>The words of the model's enumerations; the first word of a value is the one that is shown.</summary>
internal static class EnumShapes
{
    public static Shape<FailureMode> FailureModeWords { get; } = Shapes.Enum(
        ("failClosed", FailureMode.FailClosed),
        ("FailClosed", FailureMode.FailClosed),
        ("failOpen", FailureMode.FailOpen),
        ("FailOpen", FailureMode.FailOpen));

    public static Shape<RateLimitType> RateLimitTypeWords { get; } = Shapes.Enum(("requests", RateLimitType.Requests), ("tokens", RateLimitType.Tokens));

    public static Shape<AuthenticationMode> AuthenticationModeWords { get; } = Shapes.Enum(
        ("optional", AuthenticationMode.Optional),
        ("strict", AuthenticationMode.Strict),
        ("permissive", AuthenticationMode.Permissive));

    public static Shape<BasicAuthenticationMode> BasicAuthenticationModeWords { get; } = Shapes.Enum(
        ("optional", BasicAuthenticationMode.Optional), ("strict", BasicAuthenticationMode.Strict));

    public static Shape<TokenEndpointAuth> TokenEndpointAuthWords { get; } = Shapes.Enum(
        ("clientSecretBasic", TokenEndpointAuth.ClientSecretBasic),
        ("clientSecretPost", TokenEndpointAuth.ClientSecretPost));

    public static Shape<KeyExchangeGroup> KeyExchangeGroupWords { get; } = Shapes.Enum(
        ("X25519", KeyExchangeGroup.X25519),
        ("P-256", KeyExchangeGroup.P256),
        ("P-384", KeyExchangeGroup.P384),
        ("X25519_MLKEM768", KeyExchangeGroup.X25519MlKem768));

    public static Shape<UpstreamHttpVersion> UpstreamHttpVersionWords { get; } = Shapes.Enum(
        ("1.1", UpstreamHttpVersion.Http11),
        ("2", UpstreamHttpVersion.Http2));

    public static Shape<JwtSigningAlgorithm> JwtSigningAlgorithmWords { get; } = Shapes.Enum(
        ("RS256", JwtSigningAlgorithm.RS256),
        ("RS384", JwtSigningAlgorithm.RS384),
        ("RS512", JwtSigningAlgorithm.RS512),
        ("PS256", JwtSigningAlgorithm.PS256),
        ("ES256", JwtSigningAlgorithm.ES256),
        ("ES384", JwtSigningAlgorithm.ES384));

    public static Shape<OAuthGrantType> OAuthGrantTypeWords { get; } = Shapes.Enum(
        ("tokenExchange", OAuthGrantType.TokenExchange),
        ("jwtBearer", OAuthGrantType.JwtBearer));

    public static Shape<BodySendMode> BodySendModeWords { get; } = Shapes.Enum(
        ("fullDuplexStreamed", BodySendMode.FullDuplexStreamed),
        ("none", BodySendMode.None),
        ("buffered", BodySendMode.Buffered),
        ("bufferedPartial", BodySendMode.BufferedPartial));

    public static Shape<SendMode> SendModeWords { get; } = Shapes.Enum(("send", SendMode.Send), ("skip", SendMode.Skip));

    public static Shape<McpGuardrailPhase> McpGuardrailPhaseWords { get; } = Shapes.Enum(
        ("full", McpGuardrailPhase.Full),
        ("request", McpGuardrailPhase.Request),
        ("response", McpGuardrailPhase.Response),
        ("off", McpGuardrailPhase.Off));

    public static Shape<InferenceDestinationMode> InferenceDestinationModeWords { get; } = Shapes.Enum(
        ("validated", InferenceDestinationMode.Validated),
        ("passthrough", InferenceDestinationMode.Passthrough));

    public static Shape<GcpTokenType> GcpTokenTypeWords { get; } = Shapes.Enum(("accessToken", GcpTokenType.AccessToken), ("idToken", GcpTokenType.IdToken));

    public static Shape<OAuthClientAuthMethod> OAuthClientAuthMethodWords { get; } = Shapes.Enum(
        ("clientSecretBasic", OAuthClientAuthMethod.ClientSecretBasic),
        ("clientSecretPost", OAuthClientAuthMethod.ClientSecretPost),
        ("privateKeyJwt", OAuthClientAuthMethod.PrivateKeyJwt));

    public static Shape<CertificateHeader> CertificateHeaderWords { get; } = Shapes.Enum(
        ("x5c", CertificateHeader.X5c),
        ("x5t#S256", CertificateHeader.X5tS256));

    public static Shape<LlmRouteType> LlmRouteTypeWords { get; } = Shapes.Enum(
        ("completions", LlmRouteType.Completions),
        ("messages", LlmRouteType.Messages),
        ("models", LlmRouteType.Models),
        ("passthrough", LlmRouteType.Passthrough),
        ("detect", LlmRouteType.Detect),
        ("responses", LlmRouteType.Responses),
        ("embeddings", LlmRouteType.Embeddings),
        ("realtime", LlmRouteType.Realtime),
        ("anthropicTokenCount", LlmRouteType.AnthropicTokenCount),
        ("generateContent", LlmRouteType.GenerateContent),
        ("geminiCountTokens", LlmRouteType.GeminiCountTokens),
        ("rerank", LlmRouteType.Rerank));

    public static Shape<ProviderFormat> ProviderFormatWords { get; } = Shapes.Enum(
        ("completions", ProviderFormat.Completions),
        ("messages", ProviderFormat.Messages),
        ("responses", ProviderFormat.Responses),
        ("embeddings", ProviderFormat.Embeddings),
        ("anthropicTokenCount", ProviderFormat.AnthropicTokenCount),
        ("generateContent", ProviderFormat.GenerateContent),
        ("geminiCountTokens", ProviderFormat.GeminiCountTokens),
        ("realtime", ProviderFormat.Realtime),
        ("rerank", ProviderFormat.Rerank));

    public static Shape<AzureResourceType> AzureResourceTypeWords { get; } = Shapes.Enum(
        ("openAI", AzureResourceType.OpenAI),
        ("foundry", AzureResourceType.Foundry),
        ("aiServices", AzureResourceType.Foundry));

    public static Shape<ModerationMode> ModerationModeWords { get; } = Shapes.Enum(("score", ModerationMode.Score), ("block", ModerationMode.Block));

    public static Shape<GuardAction> GuardActionWords { get; } = Shapes.Enum(("mask", GuardAction.Mask), ("reject", GuardAction.Reject));

    public static Shape<BuiltinPattern> BuiltinPatternWords { get; } = Shapes.Enum(
        ("ssn", BuiltinPattern.Ssn),
        ("creditCard", BuiltinPattern.CreditCard),
        ("phoneNumber", BuiltinPattern.PhoneNumber),
        ("email", BuiltinPattern.Email),
        ("caSin", BuiltinPattern.CaSin));

    public static Shape<ContentScope> ContentScopeWords { get; } = Shapes.Enum(
        ("systemPrompt", ContentScope.SystemPrompt),
        ("messages", ContentScope.Messages),
        ("toolOutput", ContentScope.ToolOutput),
        ("toolInput", ContentScope.ToolInput));

    public static Shape<ModelVisibility> ModelVisibilityWords { get; } = Shapes.Enum(
        ("public", ModelVisibility.Public),
        ("internal", ModelVisibility.Internal));

    public static Shape<LlmPassthrough> LlmPassthroughWords { get; } = Shapes.Enum(("detect", LlmPassthrough.Detect), ("opaque", LlmPassthrough.Opaque));

    public static Shape<StreamingGuard> StreamingGuardWords { get; } = Shapes.Enum(
        ("Disabled", StreamingGuard.Disabled),
        ("Enabled", StreamingGuard.Enabled));

    public static Shape<DatabaseLlmMode> DatabaseLlmModeWords { get; } = Shapes.Enum(("metadata", DatabaseLlmMode.Metadata), ("full", DatabaseLlmMode.Full));

    public static Shape<DnsLookupFamily> DnsLookupFamilyWords { get; } = Shapes.Enum(
        ("Auto", DnsLookupFamily.Auto),
        ("All", DnsLookupFamily.All),
        ("V4Preferred", DnsLookupFamily.V4Preferred),
        ("V4Only", DnsLookupFamily.V4Only),
        ("V6Only", DnsLookupFamily.V6Only));

    public static Shape<HistogramMode> HistogramModeWords { get; } = Shapes.Enum(
        ("classic", HistogramMode.Classic),
        ("native", HistogramMode.Native),
        ("both", HistogramMode.Both));

    public static Shape<ConfigStoreMode> ConfigStoreModeWords { get; } = Shapes.Enum(
        ("file", ConfigStoreMode.File),
        ("hybrid", ConfigStoreMode.Hybrid),
        ("readOnly", ConfigStoreMode.ReadOnly));

    public static Shape<HeaderCase> HeaderCaseWords { get; } = Shapes.Enum(("lowercase", HeaderCase.Lowercase), ("preserve", HeaderCase.Preserve));

    public static Shape<ProxyProtocolVersion> ProxyProtocolVersionWords { get; } = Shapes.Enum(
        ("v2", ProxyProtocolVersion.V2),
        ("v1", ProxyProtocolVersion.V1),
        ("all", ProxyProtocolVersion.All));

    public static Shape<ProxyProtocolMode> ProxyProtocolModeWords { get; } = Shapes.Enum(
        ("strict", ProxyProtocolMode.Strict),
        ("optional", ProxyProtocolMode.Optional));

    public static Shape<ConnectMode> ConnectModeWords { get; } = Shapes.Enum(
        ("deny", ConnectMode.Deny),
        ("route", ConnectMode.Route),
        ("tunnel", ConnectMode.Tunnel));

    public static Shape<TlsVersion> TlsVersionWords { get; } = Shapes.Enum(("TLS_V1_2", TlsVersion.Tls12), ("TLS_V1_3", TlsVersion.Tls13));
}

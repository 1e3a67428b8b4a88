using System.Text;
using AgentGateway.Configuration.OpenApi;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies.Documents;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Mcp.Upstreams.OpenApi;

/// <summary>The tools of a target: those of the configuration, or of the document at its URL, which is kept fresh.</summary>
internal sealed partial class OpenApiSource
{
    // Specification 1.0, remote resources: a day, unless the server says otherwise.
    private static readonly RemoteDocumentTerms Terms = new(
        TimeSpan.FromHours(24), OpenApiLimits.DocumentBytes, "application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.5");

    private readonly OpenApiToolSet? _fixed;
    private readonly RemoteDocument<OpenApiToolSet>? _remote;

    /// <exception cref="FormatException">The target has no document.</exception>
    public OpenApiSource(McpOpenApiTargetSnapshot target, GatewayServices services)
    {
        _fixed = target.Tools;
        if (_fixed is null)
        {
            var address = new Uri(target.Schema.Url ?? throw new FormatException($"MCP target {target.Name} has no OpenAPI document"));
            var logger = services.Logging.CreateLogger("agentgateway::mcp");
            _remote = services.Documents.Get(address, body => Parse(body, address, logger), terms: Terms);
        }
    }

    /// <summary>The tools as they are now.</summary>
    /// <exception cref="McpUpstreamException">The document was never fetched.</exception>
    public async ValueTask<OpenApiToolSet> GetAsync(CancellationToken cancellationToken)
    {
        if (_fixed is not null)
        {
            return _fixed;
        }

        try
        {
            return await _remote!.GetAsync(cancellationToken);
        }
        catch (RemoteDocumentException error)
        {
            throw new McpUpstreamException($"failed to send message: {error.Message}", error);
        }
    }

    private static OpenApiToolSet Parse(ReadOnlyMemory<byte> body, Uri address, ILogger logger)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, true).GetString(body.Span);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("the OpenAPI document is not UTF-8 text");
        }

        var reading = OpenApiReader.Read(text);
        foreach (var warning in reading.Warnings)
        {
            LogWarning(logger, address, warning.ToString());
        }

        return reading.Tools ?? throw new FormatException("OpenAPI document: " + string.Join("; ", reading.Errors));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "OpenAPI document {Address}: {Problem}")]
    private static partial void LogWarning(ILogger logger, Uri address, string problem);
}

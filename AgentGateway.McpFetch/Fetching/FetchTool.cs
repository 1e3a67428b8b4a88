using System.Text.Json;
using AgentGateway.McpFetch.Content;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentGateway.McpFetch.Fetching;

/// <summary>
/// The <c>fetch</c> tool. It reads its arguments itself instead of binding a method, because the SDK answers a failed binding with a
/// generic sentence; here every failure, wrong arguments included, is a tool error that says what was wrong.
/// </summary>
internal sealed partial class FetchTool(IPageFetcher fetcher, FetchTelemetry telemetry, ILogger<FetchTool> logger) : McpServerTool
{
    private static readonly JsonElement InputSchema = JsonDocument.Parse($$"""
        {
          "type": "object",
          "properties": {
            "url": {
              "type": "string",
              "format": "uri",
              "description": "Absolute HTTP or HTTPS address of the page."
            },
            "max_length": {
              "type": "integer",
              "minimum": 1,
              "maximum": {{FetchArguments.MaxMaxLength}},
              "default": {{FetchArguments.DefaultMaxLength}},
              "description": "Number of characters to return at most."
            },
            "start_index": {
              "type": "integer",
              "minimum": 0,
              "maximum": {{int.MaxValue}},
              "default": 0,
              "description": "Character to start from: continue a truncated page with the start_index its note names."
            },
            "raw": {
              "type": "boolean",
              "default": false,
              "description": "Return HTML as received instead of Markdown."
            }
          },
          "required": ["url"],
          "additionalProperties": false
        }
        """).RootElement;

    public override Tool ProtocolTool { get; } = new()
    {
        Name = "fetch",
        Title = "Fetch a web page",
        Description = "Fetches a page over HTTP or HTTPS and returns its content: HTML as Markdown, other text as it is. "
            + "Long pages come in parts, see max_length and start_index.",
        InputSchema = InputSchema,
        Annotations = new ToolAnnotations
        {
            Title = "Fetch a web page",
            ReadOnlyHint = true,
            DestructiveHint = false,
            IdempotentHint = true,
            OpenWorldHint = true,
        },
    };

    public override IReadOnlyList<object> Metadata { get; } = [];

    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default)
    {
        try
        {
            return await FetchAsync(FetchArguments.Parse(request.Params?.Arguments), cancellationToken);
        }
        catch (FetchException e)
        {
            telemetry.Failed(e.Failure);
            LogFailed(e.Failure, e.InnerException);
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = e.Message }] };
        }
    }

    private async Task<CallToolResult> FetchAsync(FetchArguments arguments, CancellationToken cancellationToken)
    {
        var page = await fetcher.FetchAsync(arguments.Url, cancellationToken);
        var text = PageText.Extract(page, arguments.Raw);
        var part = TextPage.Cut(text, arguments.StartIndex, arguments.MaxLength)
            ?? throw new FetchException(
                FetchFailure.OutOfRange,
                $"start_index {arguments.StartIndex} is beyond the end of {FetchUrl.Display(page.Url)}: its content has {text.Length} characters.");

        // The note is a block of its own, so that the first blocks of successive parts join into the page exactly.
        var result = new CallToolResult { Content = [new TextContentBlock { Text = part.Text }] };
        if (part.NextStart is { } next)
        {
            var note = $"Content truncated: {next} of {text.Length} characters so far. Call fetch with start_index {next} for more.";
            result.Content.Add(new TextContentBlock { Text = note });
        }
        else if (string.IsNullOrWhiteSpace(part.Text))
        {
            result.Content.Add(new TextContentBlock { Text = arguments.Raw ? "The page is empty." : "The page has no readable text; raw=true returns its source." });
        }

        return result;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "A fetch failed: {Failure}")]
    private partial void LogFailed(FetchFailure failure, Exception? exception);
}

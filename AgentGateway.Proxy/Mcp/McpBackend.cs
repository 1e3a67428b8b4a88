using System.Collections.Frozen;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Mcp.Federation;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Sessions;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Mcp.Upstreams.OpenApi;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Mcp;

/// <summary>MCP servers behind one MCP endpoint: the server side of Streamable HTTP (specification 2.1), and the routing between servers (2.6).</summary>
/// <remarks>
/// A client that goes away frees what its request holds here and the connection to an HTTP upstream, but nothing is cancelled on its behalf:
/// up to revision 2025-11-25 a disconnection is not a cancellation. Since 2026-07-28 it is one, and closing the upstream's stream says so.
/// </remarks>
internal sealed partial class McpBackend : IBackendHandler, INamedByPlace, ITransportOwner, IAsyncDisposable
{
    private readonly McpBackendSnapshot _snapshot;
    private readonly GatewayServices _services;
    private readonly McpTargetSnapshot[] _targets;
    private readonly McpLog _log;
    private readonly McpHttpConnections _connections;
    private readonly SessionIdCodec _codec;
    private readonly string _digest;

    // More than one target.
    private readonly bool _several;

    // Addresses of resources and task ids carry the target's name.
    private readonly bool _qualified;

    // Names of tools and prompts do.
    private readonly bool _prefixed;
    private readonly bool _hasStdio;
    private readonly bool _isResumable;
    private readonly FrozenDictionary<string, OpenApiSource> _openApi;
    private readonly McpSessionStore _sessions;
    private readonly LogBudget _ambiguous;
    private readonly CancellationTokenSource _retired = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _active = 1;
    private int _processes;
    private int _disposed;

    public McpBackend(McpBackendSnapshot snapshot, GatewayServices services)
    {
        _snapshot = snapshot;
        _services = services;
        _targets = [.. snapshot.Targets];
        _connections = new McpHttpConnections(services.Dialer);
        _log = new McpLog(services.Logging.CreateLogger("agentgateway::mcp"));
        _ambiguous = new LogBudget(services.Time, linesPerSecond: 1);
        _codec = new SessionIdCodec(services.Settings.SessionKey?.Reveal());
        _digest = SessionIdCodec.DigestOf(snapshot.StateKey);
        _several = _targets.Length > 1;
        _qualified = _several || snapshot.PrefixMode == McpPrefixMode.Always;
        _prefixed = _qualified && snapshot.PrefixMode != McpPrefixMode.Never;
        _hasStdio = Array.Exists(_targets, static target => target is McpStdioTargetSnapshot);
        _isResumable = !Array.Exists(_targets, static target => target is McpStdioTargetSnapshot or McpSseTargetSnapshot);
        _openApi = _targets.OfType<McpOpenApiTargetSnapshot>().ToFrozenDictionary(static target => target.Name, target => new OpenApiSource(target, services), StringComparer.Ordinal);
        _sessions = new McpSessionStore(snapshot.Key, snapshot.SessionIdleTimeout, services.Time, _log);
    }

    public string Name
    {
        get => _sessions.Backend;
        set => _sessions.Backend = value;
    }

    public void KeepOnly(IReadOnlySet<TransportOptions> inUse) => _connections.KeepOnly(inUse);

    private TimeProvider Time => _services.Time;

    public async ValueTask<GatewayReply?> HandleAsync(RequestContext context)
    {
        context.Record.Protocol = "mcp";
        context.Record.Backend = context.Backend?.Snapshot.Backend.Key;
        if (_targets.Length == 0)
        {
            return GatewayReply.Failure(503, ResponseReason.NoHealthyBackend, "no backends configured");
        }

        Interlocked.Increment(ref _active);
        try
        {
            return await DispatchAsync(context);
        }
        catch (OperationCanceledException) when (context.Aborted.IsCancellationRequested && !context.TimedOut)
        {
            // The client left. (A request timeout is the pipeline's to answer.)
            return null;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// Ends event streams, waits for the requests under way (at most as long as connections may drain), then ends the sessions with their
    /// children and upstream sessions. Sessions that clients can resume from their identifier stay alive at the upstream.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _retired.CancelAsync();
        Release();
        try
        {
            await _idle.Task.WaitAsync(_services.Settings.ConnectionTerminationDeadline, Time);
        }
        catch (TimeoutException)
        {
            // The sessions are closed under the requests that are left, which then fail with an error of their own.
        }

        await _sessions.DisposeAsync();
        _connections.Dispose();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _active) == 0)
        {
            _idle.TrySetResult();
        }
    }

    private ValueTask<GatewayReply?> DispatchAsync(RequestContext context)
    {
        var request = context.Http.Request;
        if (_snapshot.DnsRebindingProtection && !McpRequestChecks.IsLocal(context.OriginalAuthority, request.Headers.Origin))
        {
            return new(GatewayReply.Failure(
                403, ResponseReason.Authorization, "MCP DNS rebinding protection: Host/Origin must be localhost, 127.0.0.1, or [::1]"));
        }

        if (IsOAuthMetadata(context.Path))
        {
            return RelayMetadataAsync(context);
        }

        if (context.Path.SequenceEqual("/sse"))
        {
            return new(McpReplies.Text(404, "the legacy HTTP+SSE transport is not served; use Streamable HTTP on another path, such as /mcp"));
        }

        if (HttpMethods.IsPost(request.Method))
        {
            return PostAsync(context);
        }

        if ((!HttpMethods.IsGet(request.Method) && !HttpMethods.IsDelete(request.Method)) || !_snapshot.Stateful)
        {
            return new(new GatewayReply
            {
                Status = StatusCodes.Status405MethodNotAllowed,
                Reason = ResponseReason.MCP,
                Error = "method not allowed; must be GET, POST, or DELETE",
                Body = "method not allowed; must be GET, POST, or DELETE"u8.ToArray(),
                Headers = [new("allow", _snapshot.Stateful ? "GET, POST, DELETE" : "POST")],
            });
        }

        if (request.Headers["mcp-protocol-version"] is { Count: > 0 } version)
        {
            if (!McpVersions.IsKnown(version.ToString()))
            {
                return new(McpReplies.Text(400, $"unsupported MCP protocol version: {version}"));
            }

            if (McpVersions.IsModern(version.ToString()))
            {
                return new(McpReplies.Text(400, $"{request.Method} is not supported in protocol version {version}"));
            }
        }

        return HttpMethods.IsGet(request.Method) ? OpenEventsAsync(context) : DeleteAsync(context);
    }

    private async ValueTask<GatewayReply?> PostAsync(RequestContext context)
    {
        var request = context.Http.Request;
        if (!McpRequestChecks.Accepts(request.Headers.Accept, "application/json") || !McpRequestChecks.Accepts(request.Headers.Accept, "text/event-stream"))
        {
            return McpReplies.Text(406, "client must accept both application/json and text/event-stream");
        }

        if (!McpRequestChecks.IsJson(request))
        {
            return McpReplies.Text(415, "client must send application/json");
        }

        byte[]? body;
        try
        {
            body = await RequestBodies.ReadAsync(context, McpLimits.RequestBytes);
            context.NoteRequestBody(body);
        }
        catch (BadHttpRequestException error)
        {
            return McpReplies.Text(error.StatusCode, $"fail to deserialize request body: {error.Message}");
        }

        if (body is null)
        {
            return McpReplies.Text(400, $"fail to deserialize request body: it is larger than {McpLimits.RequestBytes} bytes");
        }

        var message = new JsonRpcMessage();
        if (!message.TryParse(body, out var reason))
        {
            return McpReplies.Text(400, $"fail to deserialize request body: {reason}");
        }

        context.Record.McpMethod = message.Method;
        var version = request.Headers["mcp-protocol-version"] is { Count: > 0 } stated ? stated.ToString() : null;
        if (McpRequestChecks.CheckVersion(message, version) is { } refusal)
        {
            return refusal;
        }

        if (McpVersions.IsModern(version))
        {
            return McpRequestChecks.CheckModern(message, request.Headers) ?? await PostModernAsync(context, message);
        }

        return _snapshot.Stateful ? await PostToSessionAsync(context, message) : await PostStatelessAsync(context, message, version);
    }

    /// <summary>Opens the connection to a target.</summary>
    /// <exception cref="McpUpstreamException">The target cannot be started.</exception>
    private McpUpstream Connect(McpTargetSnapshot target, string? upstreamSession = null, Action? ended = null) => target switch
    {
        McpHttpTargetSnapshot http => new HttpUpstream(http, _connections, Time, upstreamSession),
        McpStdioTargetSnapshot stdio => StartProcess(stdio, ended),
        McpSseTargetSnapshot sse => new LegacySseUpstream(sse, _connections, _log, Time, ended),
        McpOpenApiTargetSnapshot openApi => new OpenApiUpstream(openApi, _openApi[openApi.Name], _connections, Time),
        _ => throw new InvalidOperationException($"target {target.Name} of type {target.GetType().Name} has no transport; validation must refuse it"),
    };

    private StdioUpstream StartProcess(McpStdioTargetSnapshot target, Action? ended)
    {
        if (Interlocked.Increment(ref _processes) > McpLimits.StdioSessions)
        {
            Interlocked.Decrement(ref _processes);
            throw new McpUpstreamException($"failed to start stdio server: {target.Command}: more than {McpLimits.StdioSessions} processes of this backend are running") { IsStartFailure = true };
        }

        try
        {
            return StdioUpstream.Start(target, _log, Time, ended, () => Interlocked.Decrement(ref _processes));
        }
        catch (McpUpstreamException)
        {
            Interlocked.Decrement(ref _processes);
            throw;
        }
    }

    /// <summary>Finds the target that a request is for. With one target and no prefix every request is for it, whatever it names.</summary>
    /// <param name="context">The request.</param>
    /// <param name="message">The client's message.</param>
    /// <param name="session">The client's session; null for clients without one.</param>
    /// <param name="version">Revision that the client states.</param>
    private ValueTask<McpRoute> RouteAsync(RequestContext context, JsonRpcMessage message, McpSession? session, string? version)
    {
        var reference = McpNaming.ReferenceOf(message);
        var name = McpNaming.NameOf(message);
        if (!_qualified || (reference == McpReference.None && !_several))
        {
            return new(new McpRoute(0, name));
        }

        if (reference == McpReference.None)
        {
            return new(McpRoute.Refused(McpReplies.Rpc(500, message, JsonRpcText.InternalError, $"failed to send message: method not found: {message.Method}")));
        }

        if (!_prefixed && reference is McpReference.Tool or McpReference.Prompt)
        {
            return LookUpAsync(context, message, session, version);
        }

        if (!McpNaming.TrySplit(message, new JsonEdits(), out var owner, out var own, out var error))
        {
            return new(McpRoute.Refused(McpReplies.Rpc(400, message, JsonRpcText.InvalidParams, error)));
        }

        var target = Array.FindIndex(_targets, candidate => string.Equals(candidate.Name, owner, StringComparison.Ordinal));
        return new(target < 0
            ? McpRoute.Refused(McpReplies.Rpc(400, message, JsonRpcText.InvalidParams, $"unknown service {owner}"))
            : new McpRoute(target, own) { IsPrefixed = true });
    }

    private Func<JsonRpcMessage, ReadOnlyMemory<byte>>? Prefixing(string? method, string target) =>
        _qualified ? message => Outward(message, method, target) : null;

    // A message of a target with the names and identifiers that clients see.
    private ReadOnlyMemory<byte> Outward(JsonRpcMessage message, string? method, string target)
    {
        var edits = new JsonEdits();
        Qualify(message, method, target, edits);
        return edits.IsEmpty ? message.Json : edits.Apply(message.Json.Span);
    }

    private void Qualify(JsonRpcMessage message, string? method, string target, JsonEdits edits)
    {
        if (!_qualified)
        {
            return;
        }

        McpNaming.Prefix(message, method, target, _prefixed, edits);
        if (_several)
        {
            ServerRequestId.Prefix(message, target, edits);
        }
    }

    /// <summary>Sends one message to one upstream with trace context in headers and <c>_meta</c>.</summary>
    private static ValueTask<UpstreamReply> SendAsync(
        RequestContext context, McpUpstream upstream, JsonRpcMessage message, JsonEdits edits, string? name, OutboundSpan? span, string? version, CancellationToken cancellationToken)
    {
        if (upstream.Address is { } address)
        {
            context.Record.Endpoint = address;
        }

        var trace = UpstreamTrace.Of(context, span);
        TraceMeta.Add(edits, message, trace);
        return upstream.SendAsync(
            new UpstreamCall
            {
                Context = context,
                Message = message,
                Json = edits.IsEmpty ? message.Json : edits.Apply(message.Json.Span),
                TargetName = message.Method is McpMethods.ToolsCall or McpMethods.PromptsGet or McpMethods.ResourcesRead ? name : null,
                Trace = trace,
                ProtocolVersion = version,
            },
            cancellationToken);
    }

    private static bool IsOAuthMetadata(ReadOnlySpan<char> path) =>
        path.StartsWith("/.well-known/oauth-protected-resource") || path.StartsWith("/.well-known/oauth-authorization-server");

    // Specification 2.5: with one HTTP target its own authorization works through the gateway.
    private async ValueTask<GatewayReply?> RelayMetadataAsync(RequestContext context)
    {
        var request = context.Http.Request;
        if (_targets is not [McpHttpTargetSnapshot http] || (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsOptions(request.Method)))
        {
            return McpReplies.Text(404, "no authorization metadata");
        }

        using var span = new SpanScope(McpFacts.StartSpan(context.Record, request.Method, http.Name, null));
        try
        {
            var upstream = new HttpUpstream(http, _connections, Time);
            return await upstream.RelayAsync(context, context.Target, context.Aborted);
        }
        catch (McpUpstreamException error)
        {
            span.Fail(error.Message);
            return GatewayReply.Failure(503, ResponseReason.UpstreamFailure, error.Message);
        }
    }
}

using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Federation;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Sessions;
using AgentGateway.Proxy.Mcp.Streaming;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Mcp;

// What begins at several targets together: a session, a discovery, an event stream (specification 2.1, 2.6, 2.7).
internal sealed partial class McpBackend
{
    // Other targets' streams are not kept waiting for one whose response head does not come.
    private static readonly TimeSpan EventsHeadTime = TimeSpan.FromSeconds(1);

    private async ValueTask<GatewayReply?> InitializeSeveralAsync(RequestContext context, JsonRpcMessage message, bool isStateful)
    {
        McpSession? session = null;
        var limit = _snapshot.FailOpen ? McpLimits.FanOutTime : McpLimits.InitializeTime;
        var branches = BranchesFor(context, null, message.Method!);
        var notices = Array.ConvertAll(branches, static _ => new List<byte[]>());
        try
        {
            await using var group = new BranchGroup(branches, _snapshot.FailOpen, limit, Time, context.Aborted);
            await group.RunAsync(branch => InitializeAsync(context, group, branch, message, notices[branch.Position], () => LostServer(Volatile.Read(ref session))));
            if (group.Failure is { } failure)
            {
                return await NotInitializedAsync(context, message, branches, failure);
            }

            var ready = Array.FindAll(branches, static branch => branch.Failure is null);
            var leftOut = Array.FindAll(branches, static branch => branch.Failure is not null);
            foreach (var branch in leftOut)
            {
                _log.LeftOut(Name, branch.Target.Name, branch.Failure!.Message);
            }

            var id = isStateful ? await BeginAsync() : null;
            var answers = new List<byte[]>();
            foreach (var branch in ready)
            {
                answers.AddRange(notices[branch.Position]);
            }

            answers.Add(ServerMerge.Initialize(message, Array.ConvertAll(ready, static branch => (branch.Target.Name, branch.Upstream!.Server!)), isStateful));
            return await new McpRelay(context, new BufferedMessageStream(answers)) { Request = message, SessionId = id, IsMerged = true }.RunAsync(context.Aborted);

            async ValueTask<string> BeginAsync()
            {
                await CloseAsync(context, leftOut);
                var made = new McpSession(Array.ConvertAll(ready, static branch => branch.Upstream!), Time);
                Volatile.Write(ref session, made);
                return Register(context, made, Array.ConvertAll(leftOut, static branch => branch.Target.Name));
            }
        }
        finally
        {
            if (session is null)
            {
                await DisconnectAsync(context, branches);
            }
        }
    }

    // A process ended on its own.
    private void LostServer(McpSession? session)
    {
        if (session is { Id.Length: > 0 } && HasLostAServer(session))
        {
            _sessions.End(session, "lost its server", endUpstreamSessions: true);
        }
    }

    private async Task InitializeAsync(RequestContext context, BranchGroup group, Branch branch, JsonRpcMessage message, List<byte[]> notices, Action ended)
    {
        branch.Upstream = Connect(branch.Target, ended: ended);
        try
        {
            var reply = await SendAsync(context, branch.Upstream, message, new JsonEdits(), null, branch.Span, null, group.Ending);
            if (reply.Failure is { } failure)
            {
                throw Refused(branch, failure);
            }

            await using var messages = reply.Messages ?? throw new McpUpstreamException("failed to send message: upstream did not answer initialize");
            while (await messages.ReadAsync(group.Ending))
            {
                var current = messages.Current;
                switch (current.Kind)
                {
                    case JsonRpcKind.Response:
                        branch.Upstream.Server = new ServerFacts(current.Result.Of(current.Json).ToArray());
                        branch.End();
                        return;
                    case JsonRpcKind.Error:
                        branch.Error = current.Json.ToArray();
                        throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} refused to initialize: {current.ErrorMessage}");
                    default:
                        notices.Add(Outward(current, null, branch.Target.Name).ToArray());
                        if (notices.Count > MessagesBeforeInitialized)
                        {
                            throw new McpUpstreamException("failed to send message: upstream sent too many messages before it answered initialize");
                        }

                        break;
                }
            }

            throw new McpUpstreamException("failed to send message: upstream did not answer initialize");
        }
        catch (McpUpstreamException error) when (branch is { Target: McpStdioTargetSnapshot, Error: null } && !error.IsStartFailure)
        {
            throw NotStarted((McpStdioTargetSnapshot)branch.Target, error);
        }
    }

    // The error of the target that failed, in the form in which it came.
    private static async ValueTask<GatewayReply?> NotInitializedAsync(RequestContext context, JsonRpcMessage message, Branch[] branches, McpUpstreamException failure)
    {
        if (Array.Find(branches, branch => ReferenceEquals(branch.Failure, failure)) is { Error: { } error })
        {
            return await new McpRelay(context, new BufferedMessageStream([error])) { Request = message, IsMerged = true }.RunAsync(context.Aborted);
        }

        McpFacts.Failed(context.Record, null, JsonRpcText.InternalError, failure.Message);
        return McpReplies.Upstream(message, failure);
    }

    private async ValueTask<GatewayReply?> DiscoverSeveralAsync(RequestContext context, JsonRpcMessage message)
    {
        var branches = BranchesFor(context, null, message.Method!);
        try
        {
            await using var group = new BranchGroup(branches, _snapshot.FailOpen, McpLimits.FanOutTime, Time, context.Aborted);
            await group.RunAsync(branch => DiscoverAsync(context, group, branch, message));
            if (group.Failure is { } failure)
            {
                return Failed(context, null, group, message, failure);
            }

            var ready = Array.FindAll(branches, static branch => branch.Failure is null);
            return new GatewayReply
            {
                Status = StatusCodes.Status200OK,
                Reason = Telemetry.ResponseReason.Upstream,
                ContentType = "application/json",
                Body = ServerMerge.Discover(message, Array.ConvertAll(ready, static branch => (branch.Target.Name, branch.Upstream!.Server!))),
            };
        }
        finally
        {
            // The answer goes out behind this; there is nothing to wait with.
            await CloseAsync(context, branches);
        }
    }

    private async Task DiscoverAsync(RequestContext context, BranchGroup group, Branch branch, JsonRpcMessage message)
    {
        if (branch.Target is McpHttpTargetSnapshot && !IsLegacy(branch.Target.Name))
        {
            branch.Upstream = Connect(branch.Target);
            var reply = await SendAsync(context, branch.Upstream, message, new JsonEdits(), null, branch.Span, null, group.Ending);
            if (reply.Failure is { } failure && !EraProbe.SaysLegacy(failure))
            {
                throw Refused(branch, failure);
            }

            if (reply.Messages is { } messages && await TakeFactsAsync(context, group, branch, messages))
            {
                branch.End();
                return;
            }

            _log.IsLegacy(branch.Target.Name, "it does not know server/discover");
            _legacyTargets[branch.Target.Name] = Time.GetTimestamp();
        }

        await HandshakeAsync(context, group, branch, McpVersions.Modern);
        if (branch.Upstream!.Server is null)
        {
            // A process that knows no initialize speaks the newer revision only.
            var reply = await SendAsync(context, branch.Upstream, message, new JsonEdits(), null, branch.Span, null, group.Ending);
            if (reply.Messages is not { } messages || !await TakeFactsAsync(context, group, branch, messages))
            {
                throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} knows neither server/discover nor initialize");
            }
        }

        branch.End();
    }

    // True when the server answered; false when it does not know the request.
    private static async ValueTask<bool> TakeFactsAsync(RequestContext context, BranchGroup group, Branch branch, MessageStream messages)
    {
        await using (messages)
        {
            while (await messages.ReadAsync(group.Ending))
            {
                var current = messages.Current;
                switch (current.Kind)
                {
                    case JsonRpcKind.Response:
                        branch.Upstream!.Server = new ServerFacts(current.Result.Of(current.Json).ToArray());
                        return true;
                    case JsonRpcKind.Error when EraProbe.SaysLegacy(current):
                        return false;
                    case JsonRpcKind.Error:
                        throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} refused server/discover: {current.ErrorMessage}");
                    case JsonRpcKind.Request:
                        await RefuseRequestAsync(context, branch.Upstream!, current);
                        break;
                }
            }

            throw new McpUpstreamException("failed to send message: upstream closed the stream before it answered");
        }
    }

    private async ValueTask<GatewayReply?> OpenSeveralEventsAsync(RequestContext context, McpSession session)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.Aborted, session.Ending, _retired.Token, _services.Stopping);
        var branches = BranchesFor(context, session, "GET");
        var group = new BranchGroup(branches, _snapshot.FailOpen, null, Time, end.Token);
        await using var stream = new EventsStream(group, (message, target) => Outward(message, null, target));
        try
        {
            var opening = new List<Task>();
            foreach (var branch in branches)
            {
                var open = OpenEventsAsync(context, branch, group.Ending);
                opening.Add(open);
                branch.Reading = ReadFirstAsync(branch, open, group.Ending);
            }

            var all = Task.WhenAll(opening);
            if (!all.IsCompleted)
            {
                await Task.WhenAny(all, Task.Delay(EventsHeadTime, Time, end.Token));
            }

            while (!all.IsCompleted && !Array.Exists(branches, static branch => branch.Messages is not null) && !end.IsCancellationRequested)
            {
                await Task.WhenAny([all, .. opening.Where(static open => !open.IsCompleted)]);
            }

            end.Token.ThrowIfCancellationRequested();
            if (NotOpened(context, session, group) is { } refusal)
            {
                return refusal;
            }

            return await new McpRelay(context, stream).RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (!context.Aborted.IsCancellationRequested)
        {
            return McpReplies.Text(404, "session not found");
        }
    }

    // Notes a failure instead of throwing it: what it means depends on the others.
    private static async Task OpenEventsAsync(RequestContext context, Branch branch, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await branch.Upstream!.OpenEventsAsync(context, cancellationToken);
            if (reply.Failure is { Status: StatusCodes.Status405MethodNotAllowed })
            {
                branch.End();
            }
            else if (reply.Failure is { } failure)
            {
                branch.Failure = Refused(branch, failure);
            }
            else
            {
                branch.Messages = reply.Messages;
            }
        }
        catch (McpUpstreamException error)
        {
            branch.Failure = error;
        }
    }

    private static async Task<bool> ReadFirstAsync(Branch branch, Task opening, CancellationToken cancellationToken)
    {
        await opening;
        return branch.Failure is { } failure ? throw failure : branch.Messages is { } messages && await messages.ReadAsync(cancellationToken);
    }

    // The reply when there is no stream to merge, or with failClosed when one is missing.
    private GatewayReply? NotOpened(RequestContext context, McpSession session, BranchGroup group)
    {
        var failed = Array.Find(group.Branches, static branch => branch.Failure is not null);
        var isAnyOpen = Array.Exists(group.Branches, static branch => branch is { IsDone: false, Failure: null });
        if (isAnyOpen && (failed is null || group.IsOpen))
        {
            return null;
        }

        if (failed?.Failure is not { } failure)
        {
            return McpReplies.Text(405, "GET event stream is not supported by any upstream");
        }

        McpFacts.Failed(context.Record, null, JsonRpcText.InternalError, failure.Message);
        return session.IsDead ? McpReplies.Text(404, "session not found") : failure.Refusal ?? McpReplies.Text(500, failure.Message);
    }
}

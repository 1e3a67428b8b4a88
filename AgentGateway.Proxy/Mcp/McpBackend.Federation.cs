using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Federation;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Sessions;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp;

// Requests and notices that go to several targets (specification 2.6, 2.7).
internal sealed partial class McpBackend
{
    private static bool IsForAll(JsonRpcMessage message) => McpMethods.IsList(message.Method) || message.Method is McpMethods.Ping or McpMethods.SetLevel;

    // The targets that a message goes to: those of the session, or all.
    private Branch[] BranchesFor(RequestContext context, McpSession? session, string method)
    {
        var branches = new Branch[session?.Upstreams.Length ?? _targets.Length];
        var names = new string[branches.Length];
        for (var i = 0; i < branches.Length; i++)
        {
            var target = session is null ? _targets[i] : session.Upstreams[i].Target;
            names[i] = target.Name;
            branches[i] = new Branch(target, i) { Upstream = session?.Upstreams[i], Span = McpFacts.StartSpan(context.Record, method, target.Name, null) };
        }

        context.Record.McpTargets = names;
        return branches;
    }

    private async ValueTask<GatewayReply?> FanOutAsync(RequestContext context, JsonRpcMessage message, McpSession? session, string? version)
    {
        context.Record.McpResourceType = McpMethods.ResourceType(message.Method!);
        var group = new BranchGroup(BranchesFor(context, session, message.Method!), _snapshot.FailOpen, McpLimits.FanOutTime, Time, context.Aborted);
        var list = McpMethods.IsList(message.Method) ? new ListMerge(message.Method!, group.Branches.Length) : null;
        var stream = Merged(context, group, message, version, list);
        try
        {
            Ask(context, group, message, session, version);
            var reply = await new McpRelay(context, stream) { Request = message, IsMerged = true, IsModern = McpVersions.IsModern(version) }.RunAsync(context.Aborted);
            return reply is not null && group.Failure is { } failure ? Failed(context, session, group, message, failure) : reply;
        }
        finally
        {
            await stream.DisposeAsync();
            if (session is null)
            {
                await DisconnectAsync(context, group.Branches);
            }
        }
    }

    private FanOutStream Merged(RequestContext context, BranchGroup group, JsonRpcMessage request, string? version, ListMerge? list)
    {
        var rules = McpItemRules.For(context);
        var isModern = McpVersions.IsModern(version);
        return new FanOutStream(group, request)
        {
            List = list,
            IsModern = isModern,
            Filter = (page, target) => rules?.Filter(request, page, target) ?? page,
            Outward = (message, target) => Outward(message, request.Method, target),
            Send = (branch, page, cancel) => SendAsync(context, branch.Upstream!, page, new JsonEdits(), null, branch.Span, branch.Version, cancel),
            RefuseRequest = isModern ? (branch, asked) => RefuseRequestAsync(context, branch.Upstream!, asked) : null,
            Completed = DropShared,
        };
    }

    // Without prefix a name that several targets serve says nothing about its owner.
    private void DropShared(ListMerge list)
    {
        if (_several && !_prefixed && list.HasPlainNames && list.DropShared() is { Count: > 0 } shared && _ambiguous.Take(out _))
        {
            _log.Ambiguous(Name, string.Join(", ", shared.Order(StringComparer.Ordinal).Take(10)));
        }
    }

    // Each target is asked and read at its own pace: none waits for the beginning of another's answer.
    private void Ask(RequestContext context, BranchGroup group, JsonRpcMessage message, McpSession? session, string? version)
    {
        foreach (var branch in group.Branches)
        {
            branch.Reading = AskAndReadAsync(branch);
        }

        async Task<bool> AskAndReadAsync(Branch branch)
        {
            await AskAsync(context, group, branch, message, session, version);
            return !branch.IsDone && await branch.Messages!.ReadAsync(group.EndingOf(branch));
        }
    }

    /// <summary>Sends the request to one target, on its connection or on one that is made for it.</summary>
    private async Task AskAsync(RequestContext context, BranchGroup group, Branch branch, JsonRpcMessage message, McpSession? session, string? version)
    {
        UpstreamReply? reply = null;
        if (session is not null)
        {
            branch.IsOffered = branch.Upstream!.Server?.Offers(message.Method);
        }
        else if (McpVersions.IsModern(version) && branch.Target is McpHttpTargetSnapshot && !IsLegacy(branch.Target.Name))
        {
            branch.Upstream = Connect(branch.Target);
            reply = await SendAsync(context, branch.Upstream, message, new JsonEdits(), null, branch.Span, null, group.Ending);
            if (reply.Value.Failure is { } refused && EraProbe.SaysLegacy(refused))
            {
                _log.IsLegacy(branch.Target.Name, $"it answered {refused.Status}");
                _legacyTargets[branch.Target.Name] = Time.GetTimestamp();
                reply = null;
            }
        }

        if (session is null && reply is null)
        {
            await HandshakeAsync(context, group, branch, version);
            branch.IsOffered = branch.Upstream!.Server?.Offers(message.Method);
        }

        Take(branch, message, reply ?? await SendAsync(context, branch.Upstream!, message, new JsonEdits(), null, branch.Span, branch.Version, group.EndingOf(branch)));
    }

    private async Task HandshakeAsync(RequestContext context, BranchGroup group, Branch branch, string? version)
    {
        branch.Upstream = Connect(branch.Target);
        var modern = McpVersions.IsModern(version);
        var handshake = await HandshakeAsync(context, branch.Upstream, modern ? McpVersions.NewestLegacy : version ?? McpVersions.NewestLegacy, branch.Span, group.Ending);
        if (handshake.Refusal is { } refusal)
        {
            throw Refused(branch, refusal);
        }

        if (handshake.Error is null)
        {
            branch.Upstream.Server = new ServerFacts(handshake.Result);
        }
        else if (!modern)
        {
            throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} refused to initialize: {handshake.Error}");
        }

        branch.Version = handshake.Version;
    }

    private static void Take(Branch branch, JsonRpcMessage message, UpstreamReply reply)
    {
        if (reply.Failure is { } failure)
        {
            // Since revision 2026-07-28 a method that a server does not know is 404 as well.
            var error = new JsonRpcMessage();
            error.Read(failure.Body);
            if (McpMethods.IsList(message.Method) && error is { Kind: JsonRpcKind.Error, ErrorCode: JsonRpcText.MethodNotFound })
            {
                branch.Error = failure.Body.ToArray();
                branch.End();
                return;
            }

            throw Refused(branch, failure);
        }

        branch.Messages = reply.Messages ?? throw new McpUpstreamException("failed to send message: upstream accepted the request without an answer");
    }

    private static McpUpstreamException Refused(Branch branch, GatewayReply refusal) =>
        new($"failed to send message: target {branch.Target.Name} answered {refusal.Status}") { Refusal = refusal };

    /// <summary>The reply to a message that failed at its targets.</summary>
    private GatewayReply Failed(RequestContext context, McpSession? session, BranchGroup group, JsonRpcMessage message, McpUpstreamException failure)
    {
        McpFacts.Failed(context.Record, null, JsonRpcText.InternalError, failure.Message);
        if (session is not null)
        {
            if (failure.Refusal is { } refusal && Array.Find(group.Branches, branch => ReferenceEquals(branch.Failure, failure))?.Upstream is { } lost)
            {
                EndIfLost(session, lost, refusal);
            }

            if (session.IsDead)
            {
                return McpReplies.Text(404, "session not found");
            }
        }

        return message.Kind == JsonRpcKind.Request ? McpReplies.Upstream(message, failure) : failure.Refusal ?? McpReplies.Text(500, failure.Message);
    }

    private ValueTask<GatewayReply?> NotifySeveralAsync(RequestContext context, McpSession session, JsonRpcMessage message) =>
        NotifyAsync(context, message, session, BranchesFor(context, session, message.Method!), static (_, _) => Task.CompletedTask);

    // A process that is started for a notice and ended behind it could do nothing with it.
    private async ValueTask<GatewayReply?> NotifySeveralStatelessAsync(RequestContext context, JsonRpcMessage message, string? version)
    {
        var branches = Array.FindAll(BranchesFor(context, null, message.Method!), static branch => branch.Target is not McpStdioTargetSnapshot);
        if (branches.Length == 0)
        {
            return Accepted();
        }

        try
        {
            return await NotifyAsync(context, message, null, branches, (group, branch) => HandshakeAsync(context, group, branch, version));
        }
        finally
        {
            await DisconnectAsync(context, branches);
        }
    }

    private async ValueTask<GatewayReply?> NotifyAsync(
        RequestContext context, JsonRpcMessage message, McpSession? session, Branch[] branches, Func<BranchGroup, Branch, Task> connect)
    {
        await using var group = new BranchGroup(branches, _snapshot.FailOpen, McpLimits.FanOutTime, Time, context.Aborted);
        await group.RunAsync(async branch =>
        {
            await connect(group, branch);
            var reply = await SendAsync(context, branch.Upstream!, message, new JsonEdits(), null, branch.Span, branch.Version, group.Ending);
            if (reply.Failure is { } failure)
            {
                throw Refused(branch, failure);
            }

            branch.End();
        });
        return group.Failure is { } failed ? Failed(context, session, group, message, failed) : Accepted();
    }

    // The target whose request a client answers; null when no target can have sent it.
    private McpTargetSnapshot? OwnerOfAnswer(JsonRpcMessage answer, JsonEdits edits) =>
        ServerRequestId.TryRestore(answer, edits, out var target)
            ? Array.Find(_targets, candidate => string.Equals(candidate.Name, target, StringComparison.Ordinal))
            : null;

    private static GatewayReply UnknownAnswer() => McpReplies.Text(400, "the response answers no request of a target");

    /// <summary>Finds the owner of a name without prefix by asking all targets for their lists (specification 2.6).</summary>
    private async ValueTask<McpRoute> LookUpAsync(RequestContext context, JsonRpcMessage message, McpSession? session, string? version)
    {
        var (method, word) = McpNaming.ReferenceOf(message) == McpReference.Tool ? (McpMethods.ToolsList, "tool") : (McpMethods.PromptsList, "prompt");
        if (McpNaming.NameOf(message) is not { } name)
        {
            return McpRoute.Refused(McpReplies.Rpc(400, message, JsonRpcText.InvalidParams, "invalid resource name"));
        }

        var request = ListRequest.For(method, message, McpVersions.IsModern(version));
        var group = new BranchGroup(BranchesFor(context, session, method), _snapshot.FailOpen, McpLimits.FanOutTime, Time, context.Aborted);
        var list = new ListMerge(method, group.Branches.Length);
        var stream = Merged(context, group, request, version, list);
        stream.IsLookUp = true;
        try
        {
            Ask(context, group, request, session, version);
            while (await stream.ReadAsync(context.Aborted))
            {
                if (stream.Current.Kind == JsonRpcKind.Error)
                {
                    var refused = stream.Current;
                    return McpRoute.Refused(McpReplies.Rpc(
                        500, message, refused.ErrorCode ?? JsonRpcText.InternalError, refused.ErrorMessage ?? $"failed to send message: {method} failed"));
                }

                if (stream.Current.Kind == JsonRpcKind.Request)
                {
                    // No stream of the client is open that could take it.
                    await RefuseRequestAsync(context, group.Branches[stream.Position].Upstream!, stream.Current);
                }
            }
        }
        catch (McpUpstreamException failure)
        {
            return McpRoute.Refused(Failed(context, session, group, message, failure));
        }
        finally
        {
            await stream.DisposeAsync();
            if (session is null)
            {
                await CloseAsync(context, group.Branches);
            }

            context.Record.McpTargets = null;
        }

        var owners = list.OwnersOf(name);
        return owners.Count == 1
            ? new McpRoute(Array.IndexOf(_targets, group.Branches[owners[0]].Target), name)
            : McpRoute.Refused(McpReplies.Rpc(
                400, message, JsonRpcText.InvalidParams, owners.Count == 0 ? $"unknown {word} {name}" : $"{word} {name} is served by multiple targets"));
    }

    // The client has its answer and need not wait for the end of processes or of upstream sessions.
    private async ValueTask DisconnectAsync(RequestContext context, Branch[] branches)
    {
        if (context.Http.Response.HasStarted && !context.Aborted.IsCancellationRequested)
        {
            await context.Http.Response.CompleteAsync();
        }

        await CloseAsync(context, branches);
    }

    private Task CloseAsync(RequestContext context, Branch[] branches)
    {
        var closing = new List<Task>();
        foreach (var branch in branches)
        {
            if (branch.Upstream is { IsResumable: false } process)
            {
                _sessions.Track(process.CloseAsync(null, endSession: true).AsTask());
            }
            else if (branch.Upstream is { } upstream)
            {
                closing.Add(upstream.CloseAsync(context, endSession: true).AsTask());
            }
        }

        return Task.WhenAll(closing);
    }
}

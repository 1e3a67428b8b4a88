using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Federation;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Policies.Authorization;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp;

// subscriptions/listen before several targets (specification 2.3): one stream of all, with one acknowledgement at its beginning.
internal sealed partial class McpBackend
{
    private async ValueTask<GatewayReply?> ListenSeveralAsync(RequestContext context, JsonRpcMessage message)
    {
        var wanted = ListenFilter.Of(message);
        var resources = Array.ConvertAll(_targets, static _ => new List<string>());
        var authorization = McpAuthorization.For(context);
        foreach (var uri in wanted.Resources)
        {
            if (!McpNaming.TrySplitResource(uri, out var owner, out var own))
            {
                return McpReplies.Rpc(400, message, JsonRpcText.InvalidParams, "invalid resource URI");
            }

            var position = Array.FindIndex(_targets, candidate => string.Equals(candidate.Name, owner, StringComparison.Ordinal));
            if (position < 0)
            {
                return McpReplies.Rpc(400, message, JsonRpcText.InvalidParams, $"unknown service {owner}");
            }

            // What may not be read is not acknowledged either, like what does not exist.
            if (authorization is null || authorization.Allows(McpItemKind.Resource, owner, own))
            {
                resources[position].Add(own);
            }
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.Aborted, _retired.Token, _services.Stopping);
        var group = new BranchGroup(BranchesFor(context, null, message.Method!), _snapshot.FailOpen, null, Time, end.Token);
        var granted = Array.ConvertAll(_targets, static _ => new ListenFilter());
        await using var stream = new EventsStream(group, (notice, target) => Outward(notice, null, target))
        {
            RefuseRequest = (branch, asked) => RefuseRequestAsync(context, branch.Upstream!, asked),
        };
        try
        {
            await group.RunAsync(branch => ListenAsync(context, group, branch, message, wanted, resources[branch.Position], granted));
        }
        catch (OperationCanceledException) when (!context.Aborted.IsCancellationRequested)
        {
            return McpReplies.Text(503, "the gateway is shutting down");
        }

        if (group.Failure is { } failure)
        {
            return Failed(context, null, group, message, failure);
        }

        var all = new ListenFilter();
        foreach (var branch in group.Branches)
        {
            all.Add(granted[branch.Position], uri => McpNaming.QualifyResource(uri, branch.Target.Name));
        }

        stream.First = all.Acknowledge(message.Id);
        stream.Last = JsonRpcText.CompleteResult(message.Id);
        return await new McpRelay(context, stream) { Request = message, IsMerged = true, IsModern = true }.RunAsync(end.Token);
    }

    // Opens one target's stream and reads its acknowledgement.
    private async Task ListenAsync(
        RequestContext context, BranchGroup group, Branch branch, JsonRpcMessage message, ListenFilter wanted, List<string> resources, ListenFilter[] granted)
    {
        if (branch.Target is not McpHttpTargetSnapshot || IsLegacy(branch.Target.Name))
        {
            throw CannotListen(branch, message);
        }

        using var timeout = new CancellationTokenSource(McpLimits.FanOutTime, Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(group.Ending, timeout.Token);
        try
        {
            var edits = new JsonEdits();
            wanted.Edit(edits, resources);
            branch.Upstream = Connect(branch.Target);
            var reply = await SendAsync(context, branch.Upstream, message, edits, null, branch.Span, null, deadline.Token);
            if (reply.Failure is { } failure)
            {
                if (!EraProbe.SaysLegacy(failure))
                {
                    throw Refused(branch, failure);
                }

                _legacyTargets[branch.Target.Name] = Time.GetTimestamp();
                throw CannotListen(branch, message);
            }

            Take(branch, message, reply);
            while (await branch.Messages!.ReadAsync(deadline.Token))
            {
                var current = branch.Messages.Current;
                if (current.Method == McpMethods.ListenAcknowledged)
                {
                    granted[branch.Position] = ListenFilter.Of(current);
                    return;
                }

                if (current.Kind is JsonRpcKind.Response or JsonRpcKind.Error)
                {
                    throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} refused to be listened to: {current.ErrorMessage ?? "it ended the stream"}");
                }
            }

            throw new McpUpstreamException("failed to send message: upstream closed the stream before it answered");
        }
        catch (OperationCanceledException) when (!group.Ending.IsCancellationRequested)
        {
            throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} did not answer in time");
        }
    }

    private static McpUpstreamException CannotListen(Branch branch, JsonRpcMessage message)
    {
        var text = $"method not found: {message.Method} (target {branch.Target.Name} has no such stream)";
        return new McpUpstreamException(text) { Refusal = McpReplies.Rpc(404, message, JsonRpcText.MethodNotFound, text) };
    }
}

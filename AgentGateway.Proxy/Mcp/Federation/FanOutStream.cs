using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Upstreams;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>
/// What several targets send about one request: notices as they come, and one answer when all have answered. Lists are read to their last page,
/// because the merged one has no cursor (specification 2.6).
/// </summary>
/// <param name="group">The targets, each with the stream of its answer.</param>
/// <param name="request">The client's request.</param>
internal sealed class FanOutStream(BranchGroup group, JsonRpcMessage request) : MergedStream(group)
{
    private bool _answered;

    /// <summary>The list that is put together; null answers with an empty result.</summary>
    public ListMerge? List { get; init; }

    /// <summary>True for answers of the revision without sessions.</summary>
    public bool IsModern { get; init; }

    /// <summary>Leaves out of a page what the client may not see.</summary>
    public required Func<JsonRpcMessage, string, JsonRpcMessage> Filter { get; init; }

    /// <summary>Writes a target's message as the client sees it.</summary>
    public required Func<JsonRpcMessage, string, ReadOnlyMemory<byte>> Outward { get; init; }

    /// <summary>Sends the request for the next page of a list.</summary>
    public required Func<Branch, JsonRpcMessage, CancellationToken, ValueTask<UpstreamReply>> Send { get; init; }

    /// <summary>Refuses requests of servers that no client can answer; null passes them on.</summary>
    public Func<Branch, JsonRpcMessage, ValueTask>? RefuseRequest { get; init; }

    /// <summary>True when the gateway asks for itself: requests of servers are delivered as they came, for it to refuse.</summary>
    public bool IsLookUp { get; set; }

    /// <summary>Place of the target that sent the current message.</summary>
    public int Position { get; private set; }

    /// <summary>Called when the list is complete.</summary>
    public Action<ListMerge>? Completed { get; init; }

    protected override bool IsOver()
    {
        if (Group.Failure is { } failure)
        {
            throw failure;
        }

        return _answered;
    }

    protected override bool Finish()
    {
        _answered = true;
        var branches = Group.Branches;
        if (Group.Failure is { } failure)
        {
            throw failure;
        }

        // No target had anything to say: the error that they gave is the answer.
        if (!Array.Exists(branches, static branch => branch is { Failure: null, Error: null }) && Array.Find(branches, static branch => branch.Error is not null)?.Error is { } error)
        {
            Current.Read(error);
            return true;
        }

        if (IsLookUp)
        {
            return false;
        }

        if (List is not null)
        {
            Completed?.Invoke(List);
            Current.Read(List.Answer(request.Id, IsModern));
        }
        else
        {
            Current.Read(JsonRpcText.EmptyResult(request.Id));
        }

        return true;
    }

    protected override async ValueTask<bool> TakeAsync(Branch branch)
    {
        var message = branch.Messages!.Current;
        switch (message.Kind)
        {
            case JsonRpcKind.Response:
                TakeAnswer(branch, message);
                return false;
            case JsonRpcKind.Error:
                return TakeError(branch, message);
            case JsonRpcKind.Request when RefuseRequest is not null:
                await RefuseRequest(branch, message);
                return false;
            default:
                Position = branch.Position;
                Current.Read(IsLookUp ? message.Json : Outward(message, branch.Target.Name));
                return true;
        }
    }

    protected override void Ended(Branch branch)
    {
        if (!branch.IsDone)
        {
            Failed(branch, new McpUpstreamException("failed to send message: upstream closed the stream before it answered"));
        }
    }

    protected override void Failed(Branch branch, McpUpstreamException error) => Group.Fail(branch, error);

    private void TakeAnswer(Branch branch, JsonRpcMessage answer)
    {
        if (List is null)
        {
            branch.End();
            return;
        }

        var visible = Filter(answer, branch.Target.Name);
        var page = new JsonRpcMessage();
        page.Read(Outward(visible, branch.Target.Name));
        var cursor = List.Take(branch.Position, page);
        if (cursor.IsEmpty || cursor.Span.SequenceEqual(branch.Cursor.Span))
        {
            branch.End();
            return;
        }

        if (branch.Pages++ >= McpLimits.ListPages)
        {
            throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} has a list of more than {McpLimits.ListPages} pages");
        }

        branch.Cursor = cursor;
        branch.Reading = NextPageAsync(branch, Group.EndingOf(branch));
    }

    // False: what is left out is no message. With failClosed the error is the answer.
    private bool TakeError(Branch branch, JsonRpcMessage error)
    {
        branch.Span?.Fail(nameof(Telemetry.ResponseReason.MCP), error.ErrorMessage ?? "error");
        var edits = new JsonEdits();
        if (error.IdSlice.IsPresent)
        {
            edits.Replace(error.IdSlice, System.Text.Encoding.UTF8.GetString(request.Id.Span));
        }

        branch.Error = edits.IsEmpty ? error.Json.ToArray() : edits.Apply(error.Json.Span);
        branch.End();

        // A server that does not know a list has none: those with resources need not have templates.
        if (Group.IsOpen || branch.IsOffered == false || (List is not null && error.ErrorCode == JsonRpcText.MethodNotFound))
        {
            return false;
        }

        _answered = true;
        Current.Read(branch.Error);
        return true;
    }

    private async Task<bool> NextPageAsync(Branch branch, CancellationToken cancellationToken)
    {
        await branch.Messages!.DisposeAsync();
        branch.Messages = null;
        var reply = await Send(branch, ListRequest.Page(request, branch.Cursor), cancellationToken);
        if (reply.Failure is { } failure)
        {
            throw new McpUpstreamException($"failed to send message: target {branch.Target.Name} answered {failure.Status} to a request for page {branch.Pages}");
        }

        branch.Messages = reply.Messages ?? throw new McpUpstreamException("failed to send message: upstream accepted the request without an answer");
        return await branch.Messages.ReadAsync(cancellationToken);
    }
}

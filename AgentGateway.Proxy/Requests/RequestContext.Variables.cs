using AgentGateway.Cel;
using AgentGateway.Proxy.Expressions;

namespace AgentGateway.Proxy.Requests;

// What expressions of policies read.
internal sealed partial class RequestContext
{
    /// <summary>Variables of expressions, as they stand now.</summary>
    public ICelActivation Variables => field ??= new RequestVariables(this);

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset StartTime { get; private set; }

    /// <summary>The start of the request body, once <see cref="KeepBodyAsync"/> has read it or it was recorded; it is still forwarded whole.</summary>
    public ReadOnlyMemory<byte>? KeptBody => IsRequestBodyBuffered ? RequestBody : _recording?.Content;

    /// <summary>True when <see cref="KeptBody"/> is all of the body.</summary>
    public bool IsKeptBodyWhole => IsRequestBodyBuffered ? RequestBodyIsWhole : _recording is { IsWhole: true };

    /// <summary>Reads the body before it is forwarded, up to <see cref="MaxBufferSize"/>; once for a request.</summary>
    public ValueTask KeepBodyAsync() => BufferRequestBodyAsync();

    private void ResetVariables()
    {
        StartTime = Services.Time.GetUtcNow();
    }
}

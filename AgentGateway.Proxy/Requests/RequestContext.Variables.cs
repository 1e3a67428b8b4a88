using AgentGateway.Cel;
using AgentGateway.Proxy.Expressions;
using AgentGateway.Proxy.Policies.Callouts;

namespace AgentGateway.Proxy.Requests;

// What expressions of policies read.
internal sealed partial class RequestContext
{
    /// <summary>Largest request body that is kept for expressions (default of <c>frontendPolicies.http.maxBufferSize</c>).</summary>
    public const int MaxKeptBody = 2 * 1024 * 1024;

    /// <summary>Variables of expressions, as they stand now.</summary>
    public ICelActivation Variables => field ??= new RequestVariables(this);

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset StartTime { get; private set; }

    /// <summary>The start of the request body, once <see cref="KeepBodyAsync"/> has read it; it is still forwarded whole.</summary>
    public ReadOnlyMemory<byte>? KeptBody { get; private set; }

    /// <summary>True when <see cref="KeptBody"/> is all of the body.</summary>
    public bool IsKeptBodyWhole { get; private set; }

    /// <summary>Reads the body into <see cref="KeptBody"/> before it is forwarded, up to <see cref="MaxKeptBody"/>; once for a request.</summary>
    public async ValueTask KeepBodyAsync()
    {
        if (KeptBody is null)
        {
            var (bytes, isWhole) = await BodyPeek.ReadAsync(this, MaxKeptBody);
            KeptBody = bytes;
            IsKeptBodyWhole = isWhole;
        }
    }

    private void ResetVariables()
    {
        StartTime = Services.Time.GetUtcNow();
        KeptBody = null;
        IsKeptBodyWhole = false;
    }
}

using AgentGateway.Cel;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>A service that decides about requests.</summary>
internal interface IAuthzService
{
    /// <summary>Expressions over the request that the service's settings hold.</summary>
    IEnumerable<CelProgram> Expressions { get; }

    /// <summary>Asks about a request.</summary>
    /// <exception cref="Callouts.CalloutException">The service did not answer.</exception>
    Task<AuthzDecision> CheckAsync(RequestContext context, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken);
}

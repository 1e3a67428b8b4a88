using AgentGateway.Proxy.Backends.Transport;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Transformations;

/// <summary>One attempt to call a backend.</summary>
internal sealed class AttemptTarget(UpstreamRequest attempt) : TransformTarget
{
    public override IHeaderDictionary Headers => attempt.Headers;

    public override string? SetPseudo(string name, string value)
    {
        switch (name)
        {
            case ":method":
                attempt.Method = CheckMethod(value) is null ? value : attempt.Method;
                return CheckMethod(value);
            case ":path":
                attempt.Target = CheckPath(value) is null ? value : attempt.Target;
                return CheckPath(value);
            case ":authority":
                attempt.Host = CheckAuthority(value) is null ? value : attempt.Host;
                return CheckAuthority(value);
            default:
                return null;
        }
    }
}

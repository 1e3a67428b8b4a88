namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Where an attempt failed; decides what may be tried again and what the client is told.</summary>
internal enum UpstreamFailure
{
    /// <summary>The name of the upstream cannot be resolved. Nothing was sent.</summary>
    Resolve,

    /// <summary>No connection: refused, unreachable, TLS refused. Nothing was sent.</summary>
    Connect,

    /// <summary>The connection broke or ended before a whole response head arrived.</summary>
    Closed,

    /// <summary>The upstream broke the rules of HTTP.</summary>
    Protocol,

    /// <summary>The connection could not be made in time. Nothing was sent.</summary>
    ConnectTimeout,

    /// <summary>A policy has put a line end into the request. Nothing was sent.</summary>
    InvalidRequest,

    /// <summary>The client's target or a field of it holds what the server reads and nobody may pass on. Nothing was sent.</summary>
    ClientField,

    /// <summary>The client's request body broke off or is malformed.</summary>
    RequestBody,
}

using System.Globalization;
using System.Net;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Expressions;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Policies;
using Microsoft.AspNetCore.Connections;

namespace AgentGateway.Proxy.Listeners.Tcp;

/// <summary>One weighted choice of a TCP route: where to connect and how.</summary>
internal sealed class TcpChoice(BackendSnapshot backend, TransportOptions options)
{
    private readonly PolicyExpression? _target = backend is DynamicBackendSnapshot dynamic ? PolicyExpression.Of(dynamic.Target) : null;

    /// <summary>Runtime key of the backend.</summary>
    public string Key => backend.Key;

    public TransportOptions Options { get; } = options;

    /// <summary>The address for a connection; null when there is none: a dynamic backend without server name, a service without endpoints.</summary>
    public TargetAddress? TargetFor(ConnectionContext connection, string? serverName) => backend switch
    {
        HostBackendSnapshot host => host.Target,
        ServiceTargetSnapshot service => service.PickEndpoint(),
        _ => DynamicTarget(connection, serverName),
    };

    // What the client asked for: by an expression, by server name, or by the CONNECT request that opened the tunnel; at the port that it asked for.
    private TargetAddress? DynamicTarget(ConnectionContext connection, string? serverName)
    {
        var facts = connection.Features.Get<ConnectionFacts>();
        var port = facts is { TunnelPort: > 0 } ? facts.TunnelPort : (connection.LocalEndPoint as IPEndPoint)?.Port ?? 0;
        string? text;
        if (_target is null)
        {
            text = serverName ?? facts?.TunnelHost;
        }
        else if (!ExpressionText.TryText(_target.Evaluate(new ConnectionVariables(connection, serverName)), out text))
        {
            return null;
        }

        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (IPAddress.TryParse(text, out var address) && text.Contains(':'))
        {
            return new TargetAddress(address.ToString(), port);
        }

        var hasPort = text.LastIndexOf(':') > text.LastIndexOf(']');
        return DynamicBackend.Parse(hasPort ? text : string.Create(CultureInfo.InvariantCulture, $"{text}:{port}"), "tcp");
    }
}

using System.Net;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Listeners.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Expressions;

/// <summary>The variables of expressions over a connection without HTTP: <c>source</c>, <c>destination</c> and <c>env</c>.</summary>
internal sealed class ConnectionVariables(ConnectionContext connection, string? serverName) : ICelActivation
{
    private static readonly CelValue Environment = CelValue.FromMap(EnvironmentVariables.OfProcess);

    public CelValue GetVariable(int slot) => slot switch
    {
        GatewayVariables.Source => CelValue.FromMap(new Source(connection)),
        GatewayVariables.Destination => CelValue.FromMap(new Destination(connection, serverName)),
        GatewayVariables.Env => Environment,
        _ => CelValue.Null,
    };

    private sealed class Source(ConnectionContext connection) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.Source;

        public override CelValue GetMember(int member)
        {
            var remote = connection.RemoteEndPoint as IPEndPoint;
            return SourceMembers.Get(member, remote?.Address, remote?.Port ?? 0, connection.Features.Get<ConnectionFacts>(), Certificate);
        }

        private X509Certificate2? Certificate => connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
    }

    private sealed class Destination(ConnectionContext connection, string? serverName) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.Destination;

        public override CelValue GetMember(int member)
        {
            var local = connection.LocalEndPoint as IPEndPoint;
            var facts = connection.Features.Get<ConnectionFacts>();
            return member switch
            {
                DestinationMember.Address => Addresses.Of(local?.Address),
                DestinationMember.Port => CelValue.FromUint((ulong)(facts is { TunnelPort: > 0 } ? facts.TunnelPort : local?.Port ?? 0)),
                DestinationMember.Hostname => (serverName ?? facts?.TunnelHost) is { } host ? CelValue.FromString(host) : default,
                _ => default,
            };
        }
    }
}

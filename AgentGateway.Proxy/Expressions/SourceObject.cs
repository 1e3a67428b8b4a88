using System.Security.Cryptography.X509Certificates;
using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>source</c>: the client and, where it showed one that was verified, its certificate.</summary>
internal sealed class SourceObject(RequestContext context) : CelObject
{
    public override CelObjectType Type => GatewayTypes.Source;

    public override CelValue GetMember(int member)
    {
        var connection = context.Http.Connection;
        return member switch
        {
            SourceMember.Address or SourceMember.RawAddress => Addresses.Of(connection.RemoteIpAddress),
            SourceMember.Port or SourceMember.RawPort => CelValue.FromUint((ulong)connection.RemotePort),
            SourceMember.SubjectAltNames or SourceMember.Issuer or SourceMember.Subject or SourceMember.SubjectCn or SourceMember.Certificate or SourceMember.SpiffeId
                when connection.ClientCertificate is { } certificate => Of(certificate, member),
            _ => default,
        };
    }

    private static CelValue Of(X509Certificate2 certificate, int member)
    {
        switch (member)
        {
            case SourceMember.Issuer:
                return CelValue.FromString(certificate.Issuer);
            case SourceMember.Subject:
                return CelValue.FromString(certificate.Subject);
            case SourceMember.SubjectCn:
                return CelValue.FromString(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
            case SourceMember.Certificate:
                return CelValue.FromString(certificate.ExportCertificatePem());
            default:
                var names = SubjectAltNames.Of(certificate);
                return member == SourceMember.SubjectAltNames ? CelValue.FromStrings(names)
                    : names.Find(static name => name.StartsWith("spiffe://", StringComparison.Ordinal)) is { } spiffe ? CelValue.FromString(spiffe)
                    : default;
        }
    }
}

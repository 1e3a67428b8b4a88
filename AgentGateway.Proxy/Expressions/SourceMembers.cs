using System.Net;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Listeners.Connections;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Members of the variable <c>source</c>, for requests and for connections.</summary>
internal static class SourceMembers
{
    /// <param name="member">Which one.</param>
    /// <param name="address">Address of the client, as a PROXY header gave it where there was one.</param>
    /// <param name="port">Port of the client.</param>
    /// <param name="facts">What else is known of the connection, or null.</param>
    /// <param name="certificate">Verified certificate of the client, or null.</param>
    public static CelValue Get(int member, IPAddress? address, int port, ConnectionFacts? facts, X509Certificate2? certificate)
    {
        switch (member)
        {
            case SourceMember.Address:
                return Addresses.Of(address);
            case SourceMember.Port:
                return CelValue.FromUint((ulong)port);
            case SourceMember.RawAddress:
                return Addresses.Of(facts?.RawRemote is IPEndPoint raw ? raw.Address : address);
            case SourceMember.RawPort:
                return CelValue.FromUint((ulong)(facts?.RawRemote is IPEndPoint peer ? peer.Port : port));
            case SourceMember.ConnectHeaders:
                return facts?.ConnectHeaders is { } headers ? CelValue.FromMap(new ConnectHeaderView(headers, facts.SensitiveHeaders)) : default;
            default:
                return certificate is null ? default : Of(certificate, member);
        }
    }

    /// <summary>The SPIFFE identity of a certificate, or null.</summary>
    public static string? SpiffeOf(X509Certificate2 certificate) =>
        SubjectAltNames.Of(certificate).Find(static name => name.StartsWith("spiffe://", StringComparison.Ordinal));

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
            case SourceMember.SubjectAltNames:
                return CelValue.FromStrings(SubjectAltNames.Of(certificate));
            case SourceMember.SpiffeId:
                return SpiffeOf(certificate) is { } spiffe ? CelValue.FromString(spiffe) : default;
            case SourceMember.Identity:
                return SpiffeOf(certificate) is { } identity ? IdentityOf(identity) : default;
            default:
                return default;
        }
    }

    // spiffe://<trust domain>/ns/<namespace>/sa/<service account>
    private static CelValue IdentityOf(string spiffe)
    {
        var parts = spiffe["spiffe://".Length..].Split('/');
        return parts is [var trustDomain, "ns", var ns, "sa", var account]
            ? CelValue.FromEntries([
                new(CelValue.FromString("trustDomain"), CelValue.FromString(trustDomain)),
                new(CelValue.FromString("namespace"), CelValue.FromString(ns)),
                new(CelValue.FromString("serviceAccount"), CelValue.FromString(account))])
            : default;
    }
}

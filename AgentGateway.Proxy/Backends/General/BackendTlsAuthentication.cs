using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>Turns <see cref="BackendTlsOptions"/> into options of the runtime's TLS client.</summary>
internal static class BackendTlsAuthentication
{
    public static SslClientAuthenticationOptions Create(BackendTlsOptions tls, string serverName)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = tls.ServerName ?? serverName,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (tls.ClientCertificate is { } client)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(client.Certificate, client.Intermediates, offline: true);
        }

        if (tls.Roots is { } roots)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (tls.SkipVerification || tls.SkipNameCheck || !tls.SubjectAltNames.IsEmpty)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => Accepts(tls, certificate, errors);
        }

        return options;
    }

    /// <summary>Protocols to offer for requests of a version: HTTP/1.1 stays the way out unless the settings leave it out.</summary>
    public static List<SslApplicationProtocol> ProtocolsOf(BackendTlsOptions tls, Version version)
    {
        var protocols = new List<SslApplicationProtocol>(2);
        if (version.Major >= 2)
        {
            protocols.Add(SslApplicationProtocol.Http2);
        }

        if (version.Major < 2 || tls.Alpn.IsEmpty || tls.Alpn.Contains("http/1.1"))
        {
            protocols.Add(SslApplicationProtocol.Http11);
        }

        return protocols;
    }

    private static bool Accepts(BackendTlsOptions tls, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (tls.SkipVerification)
        {
            return true;
        }

        if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None || certificate is null)
        {
            return false;
        }

        if (tls.SubjectAltNames.IsEmpty)
        {
            return tls.SkipNameCheck || errors == SslPolicyErrors.None;
        }

        using var owned = certificate is X509Certificate2 ? null : new X509Certificate2(certificate);
        var checkedCertificate = certificate as X509Certificate2 ?? owned!;
        foreach (var name in tls.SubjectAltNames)
        {
            if (name.Contains("://", StringComparison.Ordinal) ? HasUri(checkedCertificate, name) : checkedCertificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false))
            {
                return true;
            }
        }

        return false;
    }

    // Identities such as spiffe://trust/ns/name stand as URIs among the subject's alternative names (RFC 5280, 4.2.1.6: tag 6).
    private static bool HasUri(X509Certificate2 certificate, string uri)
    {
        const string SubjectAltName = "2.5.29.17";
        if (certificate.Extensions[SubjectAltName] is not { } extension)
        {
            return false;
        }

        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            var uriTag = new Asn1Tag(TagClass.ContextSpecific, 6);
            while (names.HasData)
            {
                if (!names.PeekTag().HasSameClassAndValue(uriTag))
                {
                    names.ReadEncodedValue();
                }
                else if (names.ReadCharacterString(UniversalTagNumber.IA5String, uriTag) == uri)
                {
                    return true;
                }
            }
        }
        catch (AsnContentException)
        {
            // A certificate that cannot be read names nobody.
            return false;
        }

        return false;
    }
}

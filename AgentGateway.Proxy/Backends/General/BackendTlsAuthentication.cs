using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>Turns <see cref="BackendTlsOptions"/> into options of the runtime's TLS client.</summary>
internal static class BackendTlsAuthentication
{
    public static SslClientAuthenticationOptions Create(BackendTlsOptions tls, string serverName, Version version)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = tls.ServerName ?? serverName,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ApplicationProtocols = [],
        };
        if (version.Major >= 2)
        {
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http2);
        }

        if (version.Major < 2 || tls.Alpn.IsEmpty || tls.Alpn.Contains("http/1.1"))
        {
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        }

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
            if (checkedCertificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false))
            {
                return true;
            }
        }

        return false;
    }
}

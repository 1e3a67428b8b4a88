using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Tls;

namespace AgentGateway.Proxy.Listeners.Tls;

/// <summary>Turns a listener's TLS settings into what the handshake needs, once for all its connections.</summary>
internal static class ServerTls
{
    /// <summary>Builds the options of a listener.</summary>
    /// <exception cref="IOException">Certificate or key cannot be used; the message names the listener, never the key.</exception>
    public static SslServerAuthenticationOptions Create(ListenerSnapshot listener, ServerTlsSnapshot tls, TunnelProtocol tunnel, FrontendTlsSnapshot frontend)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = CreateContext(listener.Key, tls),
            EnabledSslProtocols = ProtocolsOf(listener.Key, tls, frontend),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
        };

        if (listener.Protocol == ListenerProtocol.Https)
        {
            options.ApplicationProtocols = frontend.Alpn is { IsEmpty: false } alpn
                ? [.. alpn.Select(static name => new SslApplicationProtocol(name))]
                : tunnel == TunnelProtocol.Connect ? [SslApplicationProtocol.Http11] // Its tunnels are opened by HTTP/1.1.
                : [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        }

        if (tls.ClientAuthorityPem is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authorities);

            // Extended key usage "client authentication", as a server must ask for (RFC 5280, 4.2.1.12).
            policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = policy;
        }

        // What a listener says of itself goes before what is said for all of them.
        var suites = tls.CipherSuites.IsEmpty ? frontend.CipherSuites : tls.CipherSuites;
        if (!suites.IsEmpty)
        {
            options.CipherSuitesPolicy = CreateSuites(listener.Key, suites);
        }

        return options;
    }

    private static SslStreamCertificateContext CreateContext(string listener, ServerTlsSnapshot tls)
    {
        try
        {
            var leaf = X509Certificate2.CreateFromPem(tls.CertificatePem, tls.PrivateKeyPem.Reveal());
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(tls.CertificatePem);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new IOException($"{listener}: the certificate and the private key of `tls` cannot be used together: {error.Message}", error);
        }
    }

    // Versions that the listener and the frontend policy both allow.
    private static SslProtocols ProtocolsOf(string listener, ServerTlsSnapshot tls, FrontendTlsSnapshot frontend)
    {
        var lowest = tls.MinimumVersion >= frontend.MinimumVersion ? tls.MinimumVersion : frontend.MinimumVersion;
        var highest = tls.MaximumVersion <= frontend.MaximumVersion ? tls.MaximumVersion : frontend.MaximumVersion;
        return (lowest, highest) switch
        {
            (TlsVersion.Tls12, TlsVersion.Tls12) => SslProtocols.Tls12,
            (TlsVersion.Tls12, TlsVersion.Tls13) => SslProtocols.Tls12 | SslProtocols.Tls13,
            (TlsVersion.Tls13, TlsVersion.Tls13) => SslProtocols.Tls13,
            _ => throw new IOException($"{listener}: no TLS version is allowed both by `tls` and by `frontendPolicies.tls`; widen one of them"),
        };
    }

    private static CipherSuitesPolicy CreateSuites(string listener, EquatableArray<string> names)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            throw new IOException($"{listener}: `tls.cipherSuites` cannot be set on this operating system, which has its own policy; remove the key");
        }

        var suites = new List<TlsCipherSuite>();
        foreach (var name in names)
        {
            suites.Add(Enum.TryParse<TlsCipherSuite>(name, ignoreCase: false, out var suite)
                ? suite
                : throw new IOException($"{listener}: `{name}` is no cipher suite; use IANA names such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
        }

        return new CipherSuitesPolicy(suites);
    }
}

using System.Security.Cryptography.X509Certificates;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>A client certificate with its key and the intermediates to send along.</summary>
internal sealed record SslClientCertificate(X509Certificate2 Certificate, X509Certificate2Collection Intermediates);

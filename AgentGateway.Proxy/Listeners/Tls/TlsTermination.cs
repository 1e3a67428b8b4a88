using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Proxy.Expressions;
using AgentGateway.Proxy.Listeners.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AgentGateway.Proxy.Listeners.Tls;

/// <summary>A connection after its TLS handshake.</summary>
/// <param name="Connection">Carries the plain bytes and the TLS features.</param>
/// <param name="IsHttp2">True when the handshake agreed on <c>h2</c>.</param>
internal sealed record SecureConnection(ConnectionContext Connection, bool IsHttp2);

/// <summary>
/// Ends TLS on a port. The server name of the ClientHello chooses the listener, whose certificate and client checks then apply; a client
/// can therefore never pass one listener's handshake and speak to another (spec 1.7 step 1).
/// </summary>
internal sealed class TlsTermination(IReadOnlyList<ListenerRuntime> listeners)
{
    /// <summary>The most specific TLS listener for a server name, or null.</summary>
    public ListenerRuntime? FindListener(ReadOnlySpan<char> serverName)
    {
        foreach (var listener in listeners)
        {
            if (listener.Hostname.Matches(serverName))
            {
                return listener;
            }
        }

        return null;
    }

    /// <summary>The listener with a key, as it stands now, or null when a reload has removed it.</summary>
    public ListenerRuntime? FindByKey(string key)
    {
        foreach (var listener in listeners)
        {
            if (string.Equals(listener.Snapshot.Key, key, StringComparison.Ordinal))
            {
                return listener;
            }
        }

        return null;
    }

    /// <summary>
    /// Keys of the listeners whose handshake would be another one now, or that are gone: what they asked of a client (its certificate, a version) is not what is
    /// asked now.
    /// </summary>
    public List<string> ChangedIn(TlsTermination? next)
    {
        var changed = new List<string>();
        foreach (var listener in listeners)
        {
            if (next?.FindByKey(listener.Snapshot.Key) is not { } now || now.TlsDemands != listener.TlsDemands)
            {
                changed.Add(listener.Snapshot.Key);
            }
        }

        return changed;
    }

    /// <summary>Reads the ClientHello without consuming it; null when the bytes are none or the client closed.</summary>
    public static async ValueTask<ClientHello?> ReadHelloAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var result = ClientHello.TryRead(read.Buffer, out var hello);
            if (result == ClientHello.Result.Found)
            {
                input.AdvanceTo(read.Buffer.Start);
                return hello;
            }

            if (result == ClientHello.Result.Invalid || read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start);
                return null;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Performs the handshake of a listener.</summary>
    /// <exception cref="AuthenticationException">The handshake failed: no common version, or a client certificate is missing or not trusted.</exception>
    public static async ValueTask<SecureConnection> TerminateAsync(
        ConnectionContext connection, ListenerRuntime listener, SslServerAuthenticationOptions options, ClientHello hello, CancellationToken cancellationToken)
    {
        var ssl = new SslStream(new DuplexPipeStream(connection.Transport), leaveInnerStreamOpen: true);
        try
        {
            await ssl.AuthenticateAsServerAsync(options, cancellationToken);
        }
        catch
        {
            await ssl.DisposeAsync();
            throw;
        }

        if (connection.Features.Get<ConnectionFacts>() is { } facts)
        {
            facts.TlsListenerKey = listener.Snapshot.Key;
            facts.ServerName = hello.ServerName;
            facts.Identity = ssl.RemoteCertificate is X509Certificate2 certificate ? SourceMembers.SpiffeOf(certificate) : null;
        }

        var pipe = new StreamDuplexPipe(ssl);
        var ending = new TlsEnding(ssl, pipe);
        var wrapped = new WrappedConnection(
            connection,
            pipe,
            async () =>
            {
                await pipe.Input.CompleteAsync();
                await ending.SendAsync();
                await ssl.DisposeAsync();
            },
            ending.SendAsync);
        var feature = new TlsConnectionFeature(ssl);
        wrapped.Features.Set<ITlsConnectionFeature>(feature);
        wrapped.Features.Set<ITlsApplicationProtocolFeature>(feature);
        return new SecureConnection(wrapped, ssl.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2);
    }

    private sealed class TlsConnectionFeature(SslStream ssl) : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        private X509Certificate2? _certificate = ssl.RemoteCertificate as X509Certificate2;

        public X509Certificate2? ClientCertificate
        {
            get => _certificate;
            set => _certificate = value;
        }

        public ReadOnlyMemory<byte> ApplicationProtocol => ssl.NegotiatedApplicationProtocol.Protocol;

        // Certificates are asked for in the handshake or never: renegotiation is not offered.
        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(_certificate);
    }
}

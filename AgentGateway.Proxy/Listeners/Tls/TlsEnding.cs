using System.Net.Security;
using AgentGateway.Proxy.Listeners.Connections;

namespace AgentGateway.Proxy.Listeners.Tls;

/// <summary>
/// Ends what the gateway sends over TLS with <c>close_notify</c> (RFC 8446, 6.1). Without it a client cannot tell the end of an answer that ends with its
/// connection from one that was cut, and says so: "unexpected eof while reading".
/// </summary>
internal sealed class TlsEnding(SslStream ssl, StreamDuplexPipe pipe)
{
    private bool _sent;

    /// <summary>Sends what is left, then the alert; only the first call counts.</summary>
    public async ValueTask SendAsync()
    {
        if (_sent)
        {
            return;
        }

        _sent = true;
        try
        {
            await pipe.Output.CompleteAsync();
            await ssl.ShutdownAsync();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The connection is gone: there is nobody left to tell.
        }
    }
}

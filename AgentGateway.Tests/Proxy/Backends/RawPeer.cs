using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends;

/// <summary>One end of a TCP connection whose bytes a test writes and reads by itself. Every read is bounded in time.</summary>
internal sealed class RawPeer(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _unread = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private SslStream? _secure;

    public Socket Socket => socket;

    /// <summary>What ALPN has agreed on.</summary>
    public SslApplicationProtocol Protocol => _secure!.NegotiatedApplicationProtocol;

    /// <summary>Does the handshake of a server, over TLS that is there already too; from here on everything goes through it.</summary>
    /// <param name="certificate">The certificate with its key.</param>
    /// <param name="protocols">What the server chooses from by ALPN; none does not choose.</param>
    public async Task SecureAsync(X509Certificate2 certificate, params SslApplicationProtocol[] protocols)
    {
        var secure = new SslStream(_secure ?? (Stream)new NetworkStream(socket));
        var options = new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = protocols.Length > 0 ? [.. protocols] : null };
        await secure.AuthenticateAsServerAsync(options, TestContext.Current.CancellationToken);
        _secure = secure;
    }

    /// <summary>Says that nothing more comes: close_notify, or the end of the socket's stream.</summary>
    public async Task EndSendingAsync()
    {
        if (_secure is not null)
        {
            await _secure.ShutdownAsync();
        }
        else
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    public static async Task<RawPeer> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);
        return new RawPeer(socket);
    }

    /// <summary>Sends text, each character as one byte.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        if (_secure is not null)
        {
            await _secure.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        else
        {
            await socket.SendAsync(bytes, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Sends as much as the other side takes: it may refuse, and close, before it has got everything.</summary>
    public async Task SendWhileTakenAsync(string text)
    {
        try
        {
            await SendAsync(text);
        }
        catch (SocketException)
        {
            // What it said before it closed can still be read.
        }
    }

    /// <summary>Reads up to and with the empty line.</summary>
    public Task<string> ReadHeadAsync() => ReadUntilAsync("\r\n\r\n");

    /// <summary>Reads up to and with a mark.</summary>
    public async Task<string> ReadUntilAsync(string mark)
    {
        while (true)
        {
            var text = _unread.ToString();
            var at = text.IndexOf(mark, StringComparison.Ordinal);
            if (at >= 0)
            {
                return Take(at + mark.Length);
            }

            if (!await FillAsync())
            {
                throw new EndOfStreamException($"the connection ended before '{mark}'; read: {text}");
            }
        }
    }

    public async Task<string> ReadBytesAsync(int count)
    {
        while (_unread.Length < count)
        {
            if (!await FillAsync())
            {
                throw new EndOfStreamException($"the connection ended after {_unread.Length} of {count} bytes");
            }
        }

        return Take(count);
    }

    /// <summary>Reads what comes until the other side closes or resets.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await FillAsync())
        {
        }

        return Take(_unread.Length);
    }

    /// <summary>Reads a response with Content-Length or chunks, and returns head and undone body.</summary>
    public async Task<(string Head, string Body)> ReadResponseAsync()
    {
        var head = await ReadHeadAsync();
        var length = head.IndexOf("content-length:", StringComparison.OrdinalIgnoreCase);
        if (length >= 0)
        {
            var start = length + "content-length:".Length;
            var end = head.IndexOf('\r', start);
            return (head, await ReadBytesAsync(int.Parse(head.AsSpan(start, end - start), System.Globalization.CultureInfo.InvariantCulture)));
        }

        return head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? (head, await ReadUntilAsync("0\r\n\r\n")) : (head, "");
    }

    public void Dispose() => socket.Dispose();

    private string Take(int count)
    {
        var text = _unread.ToString(0, count);
        _unread.Remove(0, count);
        return text;
    }

    private async Task<bool> FillAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var read = _secure is null ? await socket.ReceiveAsync(_buffer, limit.Token) : await _secure.ReadAsync(_buffer, limit.Token);
            _unread.Append(Encoding.Latin1.GetString(_buffer, 0, read));
            return read > 0;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {Patience}; unread so far: {_unread}");
        }
    }
}

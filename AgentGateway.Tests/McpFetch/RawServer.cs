using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentGateway.Tests.McpFetch;

/// <summary>A loopback port that answers each connection with given bytes, well-formed or not, and hangs up.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <summary>Starts the server.</summary>
    /// <param name="answer">What it sends.</param>
    /// <param name="readFirst">Read an HTTP request head before answering.</param>
    internal RawServer(byte[] answer, bool readFirst = true)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync(answer, readFirst);
    }

    internal int Port { get; }

    /// <summary>A port nobody listens on.</summary>
    internal static int FreePort() => TestPorts.Free(1)[0];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(byte[] answer, bool readFirst)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = client.GetStream();
                if (readFirst)
                    await ReadHeadAsync(stream);
                await stream.WriteAsync(answer, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // The client hung up first, or the server is being stopped.
            }
        }
    }

    private async Task ReadHeadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
        {
        }
    }
}

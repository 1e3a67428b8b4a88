using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Tests.Proxy.Backends;

/// <summary>An upstream that says exactly what a test scripts, right or wrong.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Task> _running = [];
    private readonly ConcurrentBag<RawPeer> _peers = [];
    private readonly Func<RawPeer, int, Task> _script;
    private readonly Task _accepting;
    private int _connections;

    private RawUpstream(Func<RawPeer, int, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public HostBackendSnapshot Backend => new() { Key = "/upstream", Target = new TargetAddress("127.0.0.1", Port) };

    /// <summary>Runs the script on each connection; it gets the number of the connection, from 1.</summary>
    public static RawUpstream Start(Func<RawPeer, int, Task> script) => new(script);

    public static RawUpstream Start(Func<RawPeer, Task> script) => new((peer, _) => script(peer));

    /// <summary>Runs the script on each connection behind TLS.</summary>
    public static RawUpstream StartSecure(X509Certificate2 certificate, Func<RawPeer, int, Task> script) => new(async (peer, number) =>
    {
        await peer.SecureAsync(certificate);
        await script(peer, number);
    });

    public static RawUpstream StartSecure(X509Certificate2 certificate, Func<RawPeer, Task> script) => StartSecure(certificate, (peer, _) => script(peer));

    /// <summary>Answers every request of every connection with the same bytes; requests must have no body.</summary>
    public static RawUpstream Answering(string response) => Start(async peer =>
    {
        while (true)
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(response);
        }
    });

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var peer in _peers)
        {
            peer.Dispose();
        }

        await Task.WhenAll(_running);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            var peer = new RawPeer(socket);
            _peers.Add(peer);
            _running.Add(RunAsync(peer, Interlocked.Increment(ref _connections)));
        }
    }

    private async Task RunAsync(RawPeer peer, int number)
    {
        try
        {
            await _script(peer, number);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // The gateway closed the connection, or the test is over: the end of every script.
        }
        finally
        {
            peer.Dispose();
        }
    }
}

using System.Net.Sockets;
using AgentGateway.Proxy.Listeners;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

public sealed class ListenAddressTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agw");

    [Fact]
    public void RemoveStale_SocketOfAProcessThatIsGone_IsRemoved()
    {
        // Disposing of a socket removes its file, unless that has another name by then.
        var bound = Path.Combine(_folder.FullName, "bound");
        var left = Path.Combine(_folder.FullName, "left");
        using (Listen(bound))
        {
            File.Move(bound, left);
        }

        ListenAddress.RemoveStale("unix:" + left);

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void RemoveStale_SocketThatSomebodyListensOn_Stays()
    {
        var path = Path.Combine(_folder.FullName, "live");
        using var listener = Listen(path);

        ListenAddress.RemoveStale("unix:" + path);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public void RemoveStale_FileOfSomebody_Stays()
    {
        var path = Path.Combine(_folder.FullName, "notes");
        File.WriteAllText(path, "text");

        ListenAddress.RemoveStale("unix:" + path);
        ListenAddress.RemoveStale("unix:" + Path.Combine(_folder.FullName, "missing"));
        ListenAddress.RemoveStale("localhost:15000");

        Assert.Equal("text", File.ReadAllText(path));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }
}

using AgentGateway.Proxy.Listeners.Connections;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners.Connections;

public sealed class ConnectionBuffersTests
{
    [Fact]
    public void Rent_ServersUsualSize_GivesWholeBuffer()
    {
        using var buffers = new ConnectionBuffers();

        using var rented = buffers.Rent(4096);

        Assert.Equal(ConnectionBuffers.BufferBytes, rented.Memory.Length);
        Assert.Equal(ConnectionBuffers.BufferBytes, buffers.MaxBufferSize);
    }

    [Fact]
    public void Rent_MoreThanABuffer_IsRefused()
    {
        using var buffers = new ConnectionBuffers();

        Assert.Throws<ArgumentOutOfRangeException>(() => buffers.Rent(ConnectionBuffers.BufferBytes + 1));
    }

    [Fact]
    public void Rent_AfterReturn_GivesTheSameBufferAgain()
    {
        using var buffers = new ConnectionBuffers();
        var first = buffers.Rent();
        first.Dispose();

        var second = buffers.Rent();

        Assert.Same(first, second);
        Assert.Equal(0, buffers.FreeCount);
    }

    [Fact]
    public void Rent_BufferReturnedTwice_ServesOneOwnerOnly()
    {
        using var buffers = new ConnectionBuffers();
        var returned = buffers.Rent();
        returned.Dispose();
        returned.Dispose();

        Assert.NotSame(buffers.Rent(), buffers.Rent());
    }

    [Fact]
    public void Return_BeyondTheBound_KeepsNoMore()
    {
        using var buffers = new ConnectionBuffers();
        var rented = Enumerable.Range(0, 1030).Select(_ => buffers.Rent()).ToArray();

        foreach (var buffer in rented)
        {
            buffer.Dispose();
        }

        Assert.Equal(1024, buffers.FreeCount);
    }

    [Fact]
    public void Return_AfterDispose_IsDropped()
    {
        var buffers = new ConnectionBuffers();
        var rented = buffers.Rent();
        buffers.Dispose();

        rented.Dispose();

        Assert.Equal(0, buffers.FreeCount);
        Assert.Throws<ObjectDisposedException>(() => buffers.Rent());
    }
}

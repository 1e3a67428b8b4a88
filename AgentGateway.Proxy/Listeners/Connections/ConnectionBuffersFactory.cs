using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>Gives the server <see cref="ConnectionBuffers"/> instead of its own.</summary>
internal sealed class ConnectionBuffersFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionBuffers();
}

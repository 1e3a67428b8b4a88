using System.Buffers;

namespace AgentGateway.Proxy.Requests;

/// <summary>The beginning of a body, up to a bound, collected while it passes.</summary>
internal sealed class BodyRecord(int limit)
{
    private readonly ArrayBufferWriter<byte> _content = new();

    public ReadOnlyMemory<byte> Content => _content.WrittenMemory;

    /// <summary>True when more has passed than the bound.</summary>
    public bool IsCut { get; private set; }

    /// <summary>True once the end of the body has passed.</summary>
    public bool HasEnded { get; set; }

    /// <summary>True when <see cref="Content"/> is all of the body.</summary>
    public bool IsWhole => HasEnded && !IsCut;

    public void Add(ReadOnlySpan<byte> data)
    {
        var room = limit - _content.WrittenCount;
        IsCut |= data.Length > room;
        _content.Write(data[..Math.Min(room, data.Length)]);
    }
}

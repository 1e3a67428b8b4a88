using System.IO.Pipelines;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>A stream as a connection's pair of pipes.</summary>
internal sealed class StreamDuplexPipe : IDuplexPipe
{
    private const int BufferSize = 16 * 1024;

    public StreamDuplexPipe(Stream stream)
    {
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public async ValueTask CompleteAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
    }
}

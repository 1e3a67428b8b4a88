using System.Buffers;
using System.IO.Pipelines;
using AgentGateway.Proxy.Backends.Transport;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Transport;

public sealed class ReplayableBodyTests
{
    [Fact]
    public async Task TryRestart_WithinTheBound_GivesTheSameBytesAgain()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("first "u8.ToArray(), TestContext.Current.CancellationToken);
        using var body = new ReplayableBody(pipe.Reader);
        var read = await body.ReadAsync(TestContext.Current.CancellationToken);
        body.AdvanceTo(read.Buffer.GetPosition(3));

        Assert.True(body.TryRestart());
        await pipe.Writer.WriteAsync("second"u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        var once = await ReadAllAsync(body);
        Assert.True(body.TryRestart());
        var twice = await ReadAllAsync(body);

        Assert.Equal("first second"u8.ToArray(), once);
        Assert.Equal(once, twice);
    }

    [Fact]
    public async Task TryRestart_BeyondTheBound_IsRefusedAndTheBodyGoesOn()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[100], TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        using var body = new ReplayableBody(pipe.Reader, limit: 64);

        var all = await ReadAllAsync(body);

        Assert.Equal(100, all.Length);
        Assert.False(body.TryRestart());
    }

    [Fact]
    public async Task Read_EmptyBody_CompletesAgainAndAgain()
    {
        var pipe = new Pipe();
        await pipe.Writer.CompleteAsync();
        using var body = new ReplayableBody(pipe.Reader);

        Assert.Empty(await ReadAllAsync(body));
        Assert.True(body.TryRestart());
        Assert.Empty(await ReadAllAsync(body));
    }

    [Fact]
    public async Task Read_AnyStepsAndRestarts_GivesTheContentInTheEnd() =>
        await Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[1, 50].Array[1, 10]).SampleAsync(async (content, steps) =>
        {
            var pipe = new Pipe();
            await pipe.Writer.WriteAsync(content);
            await pipe.Writer.CompleteAsync();
            using var body = new ReplayableBody(pipe.Reader);
            foreach (var step in steps)
            {
                var read = await body.ReadAsync();
                body.AdvanceTo(read.Buffer.GetPosition(Math.Min(step, read.Buffer.Length)));
            }

            return body.TryRestart() && (await ReadAllAsync(body)).SequenceEqual(content);
        });

    private static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        var all = new List<byte>();
        while (true)
        {
            var read = await reader.ReadAsync(TestContext.Current.CancellationToken);
            all.AddRange(read.Buffer.ToArray());
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return [.. all];
            }
        }
    }
}

using AgentGateway.Proxy.Hosting;
using Xunit;

namespace AgentGateway.Tests.Proxy.Hosting;

public sealed class InlineSchedulingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(64, 63)]
    public void SocketThreads_Processors_LeavesOneToAllElse(int processors, int threads) =>
        Assert.Equal(threads, InlineScheduling.SocketThreads(processors));
}

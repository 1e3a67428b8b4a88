namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Sends load to one port and says what it saw.</summary>
internal interface ILoadGenerator
{
    Task<LoadResult> RunAsync(int port, Workload workload, TimeSpan duration);
}

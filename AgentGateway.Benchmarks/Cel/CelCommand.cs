using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace AgentGateway.Benchmarks.Cel;

/// <summary>Runs the micro-benchmarks of the expression engine.</summary>
internal static class CelCommand
{
    /// <summary>Runs the benchmarks that the arguments choose.</summary>
    /// <param name="args">Arguments of BenchmarkDotNet.</param>
    public static int Run(string[] args)
    {
        // In this process: the projects' shared output folder does not suit the projects that BenchmarkDotNet would generate.
        var config = DefaultConfig.Instance
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(4).WithIterationCount(8));
        BenchmarkSwitcher.FromTypes([typeof(EvaluationBenchmarks), typeof(CompilationBenchmarks)]).Run(args, config);
        return 0;
    }
}

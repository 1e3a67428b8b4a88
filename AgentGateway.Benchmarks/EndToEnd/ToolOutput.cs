using System.Diagnostics;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Runs a load generator to its end.</summary>
internal static class ToolOutput
{
    /// <summary>CPU on which load and upstream run, so that the target has the other one.</summary>
    public const string LoadCpu = "0";

    public static async Task<string> OfAsync(string tool, params string[] arguments)
    {
        var bind = BenchmarkProcess.FindTool("taskset") is not null;
        var start = new ProcessStartInfo(bind ? "taskset" : tool) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all = bind ? ["-c", LoadCpu, tool, .. arguments] : arguments;
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }
}

using AgentGateway.Benchmarks.Cel;
using AgentGateway.Benchmarks.EndToEnd;
using AgentGateway.Benchmarks.Loading;

return args switch
{
    ["cel", .. var rest] => CelCommand.Run(rest),
    ["e2e", .. var rest] => await EndToEndCommand.RunAsync(rest),
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["upstream", var port] => await MockUpstream.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: AgentGateway.Benchmarks cel [options]    micro-benchmarks of expressions; the options are those of BenchmarkDotNet, such as --filter '*'");
    Console.Error.WriteLine("       AgentGateway.Benchmarks e2e [options]    end-to-end comparison on loopback; e2e --help lists the options");
    Console.Error.WriteLine("       AgentGateway.Benchmarks load [--routes N]    what a configuration with many routes costs");
    return 2;
}

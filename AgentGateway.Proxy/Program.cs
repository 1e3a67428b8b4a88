using AgentGateway.Proxy.CommandLine;
using AgentGateway.Proxy.Hosting;

InlineScheduling.Configure(Environment.GetEnvironmentVariable(InlineScheduling.Variable));
return await GatewayCommand.RunAsync(args, new CommandConsole(Console.In, Console.Out, Console.Error));

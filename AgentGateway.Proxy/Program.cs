using AgentGateway.Proxy.CommandLine;
using AgentGateway.Proxy.Hosting;

InlineScheduling.Configure(Environment.GetEnvironmentVariable(InlineScheduling.Variable));
return await GatewayCommand.RunAsync(args, Console.In, Console.Out, Console.Error);

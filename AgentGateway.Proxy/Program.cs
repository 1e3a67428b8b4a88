using AgentGateway.Proxy.CommandLine;

return await GatewayCommand.RunAsync(args, Console.In, Console.Out, Console.Error);

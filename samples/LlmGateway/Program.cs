using LlmGateway;

await GatewayApp.Create(args, TimeProvider.System).RunAsync();

using DisruptorStream.Cli.Commands;

return await CommandLine.RunAsync(args);

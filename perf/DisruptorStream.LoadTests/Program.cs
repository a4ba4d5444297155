using System.CommandLine;
using DisruptorStream.LoadTests.Commands;

var root = new RootCommand("Load tests of the engine. Each checks its results while it measures.");
root.Subcommands.Add(GateCommand.Create());
root.Subcommands.Add(SteadyCommand.Create());
root.Subcommands.Add(ThroughputCommand.Create());
root.Subcommands.Add(LatencyCommand.Create());
root.Subcommands.Add(ScaleCommand.Create());
root.Subcommands.Add(SoakCommand.Create());
root.Subcommands.Add(ContentionCommand.Create());
root.Subcommands.Add(LoadCommand.Create());
root.Subcommands.Add(ReportCommand.Create());
root.Subcommands.Add(KernelsCommand.Create());
root.Subcommands.Add(DriftCommand.Create());
root.Subcommands.Add(CsvCommand.Create());
root.Subcommands.Add(TelemetryCommand.Create());
root.Subcommands.Add(PairsCommand.Create());
return await root.Parse(args).InvokeAsync();

using System.CommandLine;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

var root = new RootCommand("Windowed aggregates of event streams, by the DisruptorStream engine.")
{
    RunCommand.Create(),
    DemoCommand.Create(),
};

// The key @file is a word of ours, not a file of arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

// System.CommandLine reports what it cannot parse with exit code 1, which here means a failed input.
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;

using System.CommandLine;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Commands;

/// <summary><c>dstream explain</c>: what <c>run</c> would do with the same arguments.</summary>
internal static class ExplainCommand
{
    private const string Description = """
        Says what 'dstream run' would do with the same arguments, without doing it: which columns are read, which the
        results have, and what the engine compiles the job to - stores, accumulators, memory.

        Of files only the headers are read, of standard input nothing; no output is opened.
        """;

    public static Command Create()
    {
        var options = new RunOptions();
        var command = new Command("explain", Description);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(
            options, parsed, values => ExplainAsync(options, values, parsed, cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> ExplainAsync(
        RunOptions options, RunValues values, ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = SettingsReader.Read(options, values);
        var files = options.ReadFiles(values);
        var text = await JobPlan.DescribeAsync(settings, files, cancellationToken);
        try
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
        }
        catch (IOException exception)
        {
            throw new OutputException("The standard output", exception);
        }

        return ExitCode.Success;
    }
}

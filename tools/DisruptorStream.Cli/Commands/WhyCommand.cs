using System.CommandLine;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;

namespace DisruptorStream.Cli.Commands;

/// <summary><c>dstream why</c>: what became of the events that <c>run</c> would have in no result.</summary>
internal static class WhyCommand
{
    private const string Description = """
        Reads the inputs as 'dstream run' would with the same arguments, writes no results, and says why rows are in
        none: which windows were open when the input ended and what they waited for, what was dropped, which row pushed
        time past the others, and how much lateness or which jump guard would have saved them.

        Exit codes are those of 'dstream run'.
        """;

    public static Command Create()
    {
        var options = new RunOptions();
        var command = new Command("why", Description);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(
            options, parsed, values => AskAsync(options, values, parsed, cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(
        RunOptions options, RunValues values, ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = SettingsReader.Read(options, values) with { AsksWhy = true };
        var inputs = options.ReadFiles(values).Select(InputFiles.Open).ToList();
        var streams = settings.Queries.Select(_ => new QueryStreams(Stream.Null, null)).ToList();
        var summary = await StreamJob.RunAsync(
            settings, inputs, streams, parsed.InvocationConfiguration.Error, new JobProgress(), cancellationToken);
        try
        {
            SummaryText.Write(parsed.InvocationConfiguration.Output, summary);
            WhyText.Write(parsed.InvocationConfiguration.Output, summary);
        }
        catch (IOException exception)
        {
            throw new OutputException("The standard output", exception);
        }

        return summary.Problem is { } problem ? throw problem : ExitCode.Success;
    }
}

using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using DisruptorStream.Cli.Completion;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.State;

namespace DisruptorStream.Cli.Commands;

/// <summary>The whole command line: <c>dstream</c> and its commands.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Windowed aggregates of event streams, by the DisruptorStream engine.")
        {
            RunCommand.Create(),
            ExplainCommand.Create(),
            WhyCommand.Create(),
            StateCommand.Create(),
            ReplayCommand.Create(),
            DemoCommand.Create(),
            CompletionCommand.Create(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        var suggest = root.Directives.OfType<SuggestDirective>().Single();
        suggest.Action = new SuggestAction(suggest, root);
        return root;
    }

    /// <summary>Does what the arguments say. Returns the exit code.</summary>
    /// <param name="arguments">The arguments of the process.</param>
    /// <param name="configuration">Where output and errors go; null for the console.</param>
    /// <param name="cancellationToken">Ends the command; Ctrl-C does as well.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        InvocationConfiguration? configuration = null,
        CancellationToken cancellationToken = default)
    {
        // The key @file is a word of ours, not a file of arguments.
        var parsed = Create().Parse(
            WithEmptyValues(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });

        if (configuration is null)
            StandardStreams.SetUpConsole();

        // Signals are ours: those of the library are heard only once the command runs, and it gives a job 2 s to end.
        configuration ??= new InvocationConfiguration { ProcessTerminationTimeout = null };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, end));
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => OnSignal(context, end));
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, end));
        try
        {
            if (parsed.Action is ParseErrorAction)
            {
                UsageErrors.Write(configuration.Error, parsed, arguments);
                return ExitCode.Usage;
            }

            configuration.EnableDefaultExceptionHandler = false;
            return await parsed.InvokeAsync(configuration, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
        catch (IOException exception)
        {
            // Commands tell what happens to their files: what is left is that their own words cannot be written.
            return CommandErrors.Explain(
                configuration.Error,
                exception as OutputException ?? new OutputException("The standard output", exception));
        }
        catch (Exception exception)
        {
            return CommandErrors.Fail(
                configuration.Error, $"This is a fault of dstream; please report it. {exception}", ExitCode.Failed);
        }
    }

    /// <summary>
    /// Where nothing follows an option's equals sign, as where a shell's variable is empty, that is its value: else the
    /// next word would be.
    /// </summary>
    private static List<string> WithEmptyValues(IReadOnlyList<string> arguments)
    {
        var words = new List<string>();
        foreach (var argument in arguments)
        {
            if (argument is ['-', '-', _, .., '='] && !words.Contains("--"))
                words.AddRange([argument[..^1], ""]);
            else
                words.Add(argument);
        }

        return words;
    }

    /// <summary>The first signal ends the job as it should end; the next one ends the process.</summary>
    private static void OnSignal(PosixSignalContext context, CancellationTokenSource end)
    {
        context.Cancel = !end.IsCancellationRequested;
        if (context.Cancel)
            end.Cancel();
    }
}

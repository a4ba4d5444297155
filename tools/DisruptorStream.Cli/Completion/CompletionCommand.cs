using System.CommandLine;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Completion;

/// <summary><c>dstream completion</c>: the script that teaches a shell to complete the command.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var command = new Command(
            "completion",
            "Prints a script that teaches a shell to complete commands, options, aggregates, windows, and the columns "
                + "of the input that is named on the line.");
        foreach (var shell in ShellScripts.Names)
        {
            var subcommand = new Command(shell, $"The script for {shell}.");
            subcommand.SetAction(parsed =>
            {
                parsed.InvocationConfiguration.Output.Write(ShellScripts.Of(shell));
                return ExitCode.Success;
            });
            command.Subcommands.Add(subcommand);
        }

        return command;
    }
}

using System.CommandLine;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Durability.Inspection;

namespace DisruptorStream.Cli.State;

/// <summary><c>dstream state</c>: what lies in the directory of a durable processor.</summary>
internal static class StateCommand
{
    private const string Description = """
        Says what the directory of a durable processor holds: its stream and plan, the journal with its first and last
        slot, how much of it is durable, what is damaged, the snapshots, and how many results have arrived.

        It only reads. A directory that a processor has at the moment is shown too, with a note.

        Exit codes: 0 done, 1 the directory cannot be read, or its journal is damaged.
        """;

    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The directory." };
        var json = new Option<bool>("--json") { Description = "Writes one object of JSON." };
        var show = new Command("show", Description) { directory, json };
        show.SetAction(parsed => Show(
            parsed.GetRequiredValue(directory), parsed.GetValue(json), parsed.InvocationConfiguration));
        return new Command("state", "Looks into the directory of a durable processor.")
        {
            show,
            PlanCommand.Create(),
        };
    }

    private static int Show(string directory, bool asJson, InvocationConfiguration configuration)
    {
        DirectoryState state;
        try
        {
            state = DirectoryState.Read(directory);
        }
        catch (Exception exception) when (CommandErrors.IsExpected(exception))
        {
            return CommandErrors.Explain(configuration.Error, exception);
        }

        try
        {
            configuration.Output.Write(asJson ? StateJson.Of(state) : StateText.Of(state, TimeProvider.System));
        }
        catch (IOException exception)
        {
            throw new OutputException("The standard output", exception);
        }

        return state.Journal.Damage.Count > 0 ? ExitCode.Failed : ExitCode.Success;
    }
}

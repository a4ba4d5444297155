using System.CommandLine;
using System.Text.Json;
using DisruptorStream.LoadTests.Contention;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>The measured part of <c>contention</c>, which starts it with less than the whole machine.</summary>
internal static class LoadCommand
{
    public const string Name = "contention-load";

    public static Command Create()
    {
        var mode = new Argument<ExecutionMode>("mode");
        var processors = new Argument<int>("processors");
        var command = new Command(Name, "Started by contention.") { mode, processors };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            var outcome = await HostLoad.MeasureAsync(parsed.GetValue(mode), parsed.GetValue(processors));
            Console.WriteLine(JsonSerializer.Serialize(outcome));
            return 0;
        });
        return command;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;

namespace DisruptorStream.LoadTests.Commands.Options;

/// <summary>Execution modes by their names, with commas or blanks in between.</summary>
internal static class ModeOption
{
    private static string Names => string.Join(", ", Enum.GetNames<ExecutionMode>());

    public static Option<ExecutionMode[]> Create() => new("--mode")
    {
        Description = $"Execution modes, with commas or blanks in between: {Names}.",
        CustomParser = Read,
        DefaultValueFactory = _ => [ExecutionMode.Inline, ExecutionMode.Fused],
        AllowMultipleArgumentsPerToken = true,
    };

    private static ExecutionMode[] Read(ArgumentResult result)
    {
        var modes = new List<ExecutionMode>();
        foreach (var part in WorkOption.Split(result))
        {
            // The library's own parser takes numbers as well.
            if (Enum.GetNames<ExecutionMode>().Contains(part, StringComparer.OrdinalIgnoreCase))
                modes.Add(Enum.Parse<ExecutionMode>(part, ignoreCase: true));
            else
                result.AddError($"There is no execution mode '{part}'; there are {Names}.");
        }

        return [.. modes.Distinct()];
    }
}

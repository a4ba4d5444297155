using System.CommandLine;
using System.CommandLine.Parsing;
using DisruptorStream.LoadTests.Queries;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands.Options;

/// <summary>Workloads by their names, with commas or blanks in between.</summary>
internal static class WorkOption
{
    /// <summary>The workloads, and the public benchmarks' queries.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Workload.All.Select(work => work.Name), .. Query.Names];

    /// <param name="what">What they are, for the help.</param>
    /// <param name="known">Names that are taken, in any case.</param>
    /// <param name="standard">Those that are run unless others are named.</param>
    public static Option<string[]> Create(string what, IReadOnlyList<string> known, string[] standard) => new("--work")
    {
        Description = $"{what}, with commas or blanks in between: {string.Join(", ", known)}.",
        CustomParser = result => Read(result, known),
        DefaultValueFactory = _ => standard,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>What is between commas and blanks.</summary>
    public static IEnumerable<string> Split(ArgumentResult result) =>
        result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries));

    private static string[] Read(ArgumentResult result, IReadOnlyList<string> known)
    {
        var names = new List<string>();
        foreach (var part in Split(result))
        {
            if (known.FirstOrDefault(name => name.Equals(part, StringComparison.OrdinalIgnoreCase)) is { } name)
                names.Add(name);
            else
                result.AddError($"There is no workload '{part}'; there are {string.Join(", ", known)}.");
        }

        return [.. names.Distinct()];
    }
}

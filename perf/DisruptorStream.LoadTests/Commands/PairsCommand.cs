using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>Whether this build of the engine is slower than another: the same work by both, in turns.</summary>
internal static class PairsCommand
{
    private const int StandardPairs = 30;
    private const double StandardLimit = 1.05;

    private static readonly string[] StandardWorks =
        ["W1", "W2", "W3", "W4", "W5", "W6", "W1-typed", "W1-claim", "W1-single"];

    private static string OwnFolder => Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    public static Command Create()
    {
        var before = new Option<string?>("--before")
        {
            Description = "The folder of the other build of these load tests, such as that of an older commit.",
        };
        var works = WorkOption.Create("Workloads", WorkOption.All, StandardWorks);
        var modes = ModeOption.Create();
        var pairs = new Option<int>("--pairs")
        {
            Description = "Measured pairs of runs of each.",
            CustomParser = ReadPairs,
            DefaultValueFactory = _ => StandardPairs,
        };
        var events = SizeOption.One(
            "--events",
            $"Events of each run. Without it, slow workloads have {PairsRun.SlowEvents}.",
            PairsRun.StandardEvents);
        var limit = new Option<double>("--limit")
        {
            Description = "The time after as a multiple of that before that is no loss.",
            CustomParser = ReadLimit,
            DefaultValueFactory = _ => StandardLimit,
        };
        var selfCheck = new Option<bool>("--self-check") { Description = "Checks the command itself instead." };
        var command = new Command(
            "pairs", "Compares this build of the engine with another one, in pairs of short runs.")
        {
            before, works, modes, pairs, events, limit, selfCheck,
        };
        command.Validators.Add(parsed => CheckBuilds(parsed, before, selfCheck));
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(selfCheck))
                return PairsSelfCheck.Run();
            var (first, second) = Build.PairOf(parsed.GetValue(before)!, OwnFolder);
            var run = new PairsRun
            {
                Before = first,
                After = second,
                Pairs = parsed.GetValue(pairs),
                Limit = parsed.GetValue(limit),
                Events = parsed.GetResult(events) is { Implicit: false } ? parsed.GetValue(events) : null,
                SkipsMissing = parsed.GetResult(works) is not { Implicit: false },
            };
            return Run(run, parsed.GetValue(works)!, parsed.GetValue(modes)!);
        });
        return command;
    }

    private static int ReadPairs(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= MedianInterval.FewestValues and <= MedianInterval.MostValues)
        {
            return count;
        }

        result.AddError(
            $"--pairs takes a number from {MedianInterval.FewestValues}, the fewest that have a 95 % interval, to "
            + $"{MedianInterval.MostValues}; it was '{text}'.");
        return StandardPairs;
    }

    private static double ReadLimit(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and < double.PositiveInfinity)
        {
            return limit;
        }

        result.AddError($"--limit takes a number from 1, such as 1.05 for 5 % more time; it was '{text}'.");
        return StandardLimit;
    }

    private static void CheckBuilds(CommandResult parsed, Option<string?> before, Option<bool> selfCheck)
    {
        // Values are not asked for: that throws where the option's own error is to be shown.
        if (parsed.GetResult(selfCheck) is { Implicit: false } || parsed.GetResult(before) is { Tokens: [] })
            return;
        if (parsed.GetResult(before)?.Tokens[0].Value is not { } folder)
            parsed.AddError("--before is missing: the folder of the build to compare with.");
        else if (Build.ProblemOf(folder) is { } problem)
            parsed.AddError($"--before takes the folder of a Release build of the load tests, but {problem}.");
        else if (Build.ProblemOf(OwnFolder) is { } ownProblem)
            parsed.AddError($"This build cannot be compared: {ownProblem}.");
    }

    private static int Run(PairsRun run, string[] works, ExecutionMode[] modes)
    {
        if (run.Before is ChildBuild)
        {
            Console.WriteLine(
                "The build before cannot be run in this process, as it is too old: both run in processes of their own, "
                + "which takes longer.");
        }

        var checks = new Checklist();
        foreach (var name in works)
        {
            foreach (var mode in modes)
                run.Check(checks, name, mode);
        }

        return checks.Conclude();
    }
}

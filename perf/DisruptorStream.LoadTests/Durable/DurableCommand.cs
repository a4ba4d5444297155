using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DisruptorStream.Durability;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Durable.Recording;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>
/// What a journal, its shadow and its recovery cost, beside the same without them and beside the disk.
/// </summary>
internal static class DurableCommand
{
    private const int StandardRounds = 9;

    private static readonly DurablePart[] Parts =
    [
        new(
            "async",
            "The rate of W1 with Async, what is allocated, and the results.",
            new RateCheck(DurabilityMode.Async, LeastOfPlain: 0.7, LeastOfProbe: 0.8).Run)
        {
            Events = 40_000_000,
        },
        new(
            "sync",
            "The same with Sync.",
            new RateCheck(DurabilityMode.Sync, LeastOfPlain: 0.5, LeastOfProbe: 0.7).Run)
        {
            Events = 8_000_000,
        },
        new("replay", "How fast a recovery handles the journal again.", ReplayCheck.Run) { Events = 40_000_000 },
        new(
            "shadow",
            "How much of a processor the shadow takes at 1 M events/s.",
            (checks, directory, events, _) => ShadowCheck.Run(checks, directory, events))
        {
            Events = 10_000_000,
            HasRounds = false,
        },
        new(
            "recorder",
            "The rate of W1 with a flight recorder, what is allocated, and the results.",
            RecorderCheck.Run)
        {
            Events = 20_000_000,
        },
        new(
            "latency",
            "How much later results come with Sync, at 1 M events/s.",
            (checks, directory, _, rounds) => LatencyCheck.Run(checks, directory, rounds)),
    ];

    public static Command Create()
    {
        var (directory, rounds, before) = (NewDirectory(), NewRounds(), NewBefore());
        var command = new Command(
            "durable", "What a journal costs, beside no journal and beside the disk alone: all parts, or one.")
        {
            directory, rounds, before,
        };
        foreach (var part in Parts)
            command.Subcommands.Add(CreatePart(part));
        command.Subcommands.Add(CreateOff());
        command.SetAction(parsed =>
        {
            var checks = new Checklist();
            foreach (var part in Parts)
                part.Run(checks, parsed.GetValue(directory)!, part.Events, parsed.GetValue(rounds));
            OffCheck.Run(checks, parsed.GetValue(before));
            return checks.Conclude();
        });
        return command;
    }

    private static Command CreatePart(DurablePart part)
    {
        var (directory, rounds) = (NewDirectory(), NewRounds());
        var events = SizeOption.One("--events", "Events of each lap.", part.Events);
        var command = new Command(part.Name, part.What) { directory };
        if (part.Events > 0)
            command.Options.Add(events);
        if (part.HasRounds)
            command.Options.Add(rounds);
        command.SetAction(parsed =>
        {
            var checks = new Checklist();
            part.Run(
                checks,
                parsed.GetValue(directory)!,
                part.Events > 0 ? parsed.GetValue(events) : 0,
                part.HasRounds ? parsed.GetValue(rounds) : 0);
            return checks.Conclude();
        });
        return command;
    }

    private static Command CreateOff()
    {
        var before = NewBefore();
        var command = new Command("off", "What durability costs a processor that has none.") { before };
        command.SetAction(parsed =>
        {
            var checks = new Checklist();
            OffCheck.Run(checks, parsed.GetValue(before));
            return checks.Conclude();
        });
        return command;
    }

    private static Option<string> NewDirectory() => new("--directory")
    {
        Description = "A directory on the disk that is to be measured. Without it, that of temporary files.",
        DefaultValueFactory = _ => Path.GetTempPath(),
    };

    private static Option<int> NewRounds() => new("--rounds")
    {
        Description = "Measured rounds, in each of which all have a turn.",
        CustomParser = ReadRounds,
        DefaultValueFactory = _ => StandardRounds,
    };

    private static Option<string?> NewBefore() => new("--before")
    {
        Description = "The folder of a build of these load tests that is older than the journal, for 30 pairs of runs.",
        CustomParser = ReadBefore,
    };

    private static int ReadRounds(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= MedianInterval.FewestValues and <= MedianInterval.MostValues)
        {
            return count;
        }

        result.AddError(
            $"--rounds takes a number from {MedianInterval.FewestValues}, the fewest that have a 95 % interval, to "
            + $"{MedianInterval.MostValues}; it was '{text}'.");
        return StandardRounds;
    }

    private static string ReadBefore(ArgumentResult result)
    {
        var folder = result.Tokens[0].Value;
        if (Build.ProblemOf(folder) is { } problem)
            result.AddError($"--before takes the folder of a Release build of the load tests, but {problem}.");
        return folder;
    }
}

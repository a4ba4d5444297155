using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts.Baselines;

/// <summary>What others offer for the same job: Rx, a channel with a dictionary behind it, DuckDB.</summary>
internal static class BaselineRuns
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Text keys in windows of a second: all of it, from the events to the results.</summary>
    public static TextPart Texts(int events)
    {
        var known = TextRuns.Known(events, areFresh: false);
        var calls = TextCalls.Generate(events, TextCalls.Names(TextCalls.Keys), areFresh: false);
        return known with
        {
            Name = "baselines",
            Others =
            [
                Of("channel, dictionary", () => SharedDictionary.RunChannel(calls, Second, publishers: 1)),
                Of("Rx", () => RxWindows.Run(calls, Second)),
                Of("DuckDB", () => DuckDbWindows.Run(calls, Second)),
            ],
            Engine = [.. known.Engine.Select(one => (one.Engine, 0.0))],
        };
    }

    private static Contestant Of(string name, Func<Lap> run) => new() { Name = name, Run = run };
}

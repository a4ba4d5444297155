using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>The contestants of each part of the job: the user's own code first.</summary>
internal static class TextRuns
{
    private const int Publishers = 4;
    private const int NewKeys = 300_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // All events of a run lie in it, so that the order of several publishers does not matter.
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Batches and singles beside the dictionary, with known keys.</summary>
    public static TextPart Known(int events, bool areFresh)
    {
        var names = TextCalls.Names(TextCalls.Keys);
        var calls = TextCalls.Generate(events, names, areFresh);
        return new TextPart
        {
            Name = areFresh ? "fresh texts" : "texts",
            Own = Of("dictionary", () => TextDictionary.Run(calls, Second, TextCalls.Keys)),
            Engine =
            [
                (Of("Inline, batches", () => Engine(names, ExecutionMode.Inline).RunBatches(calls)), 1.2),
                (Of("Fused, batches", () => Engine(names, ExecutionMode.Fused).RunBatches(calls)), 1),
                (Of("Inline, singles", () => Engine(names, ExecutionMode.Inline).RunSingles(calls)), 0.6),
                (Of("Fused, singles", () => Engine(names, ExecutionMode.Fused).RunSingles(calls)), 0.5),
            ],
        };
    }

    /// <summary>Several publishers of single events, beside a lock around the dictionary.</summary>
    public static TextPart Shared(int events)
    {
        var names = TextCalls.Names(TextCalls.Keys);
        var calls = TextCalls.Generate(events, names, areFresh: false);
        var engine = Engine(names, ExecutionMode.Fused) with { Window = Hour };
        return new TextPart
        {
            Name = $"{Publishers} publishers",
            Own = Of("dictionary, lock", () => SharedDictionary.RunLocked(calls, Hour, Publishers)),
            Others = [Of("dictionary, channel", () => SharedDictionary.RunChannel(calls, Hour, Publishers))],
            Engine =
            [
                (Of("Fused, singles", () => engine.Run(
                    calls.Length, (processor, _) => PublishShares(processor, calls))), 2),
            ],
        };
    }

    /// <summary>Integer keys in batches.</summary>
    public static TextPart Numbers(int events)
    {
        var calls = TextCalls.Generate(events);
        return new TextPart
        {
            Name = "integers",
            Own = Of("dictionary", () => NumberDictionary.Run(calls, Second)),
            Engine =
            [
                (Of("Inline, batches", () => NumberEngine(ExecutionMode.Inline).RunBatches(calls)), 2),
                (Of("Fused, batches", () => NumberEngine(ExecutionMode.Fused).RunBatches(calls)), 2),
            ],
        };
    }

    /// <summary>Keys that were never seen, in batches: up to where all is folded.</summary>
    public static TextPart New()
    {
        var calls = TextCalls.GenerateNew(TextCalls.Names(NewKeys));
        return new TextPart
        {
            Name = $"{NewKeys} new texts",
            Own = Of("dictionary that grows", () => TextDictionary.RunUnread(calls, Hour)),
            Engine =
            [
                (Of("Inline, batches", () => NewEngine(calls, ExecutionMode.Inline)), 1 / 1.5),
                (Of("Fused, batches", () => NewEngine(calls, ExecutionMode.Fused)), 1 / 1.5),
            ],
        };
    }

    /// <summary>The longest call that publishes one new key, Inline, of all new keys of a run.</summary>
    public static TimeSpan LongestNew() => SecondOf(static calls =>
    {
        var longest = TimeSpan.Zero;
        var engine = Engine([], ExecutionMode.Inline) with { Window = Hour };
        engine.Run(
            calls.Length, (_, publisher) => longest = Longest.Of(calls, call => publisher.Publish(in call)));
        return longest;
    });

    /// <summary>The longest addition to a dictionary that grows.</summary>
    public static TimeSpan LongestOwn() => SecondOf(static calls =>
    {
        var dictionary = new TextDictionary(Hour.Ticks, keys: 0);
        return Longest.Of(calls, call => dictionary.Add(in call));
    });

    /// <summary>The first run has what the compiler takes for methods that were never called.</summary>
    private static TimeSpan SecondOf(Func<TextCall[], TimeSpan> run)
    {
        var calls = TextCalls.GenerateNew(TextCalls.Names(NewKeys));
        run(calls);
        GC.Collect();
        return run(calls);
    }

    private static void PublishShares(StreamProcessor<TextCall, string> processor, TextCall[] calls)
    {
        // All exist before one of them starts: the watermark waits for the slowest.
        var publishers = new EventPublisher<TextCall>[Publishers];
        for (var index = 0; index < Publishers; index++)
            publishers[index] = processor.CreateEventPublisher($"share-{index}");
        Shares.Publish(calls, Publishers, (number, share) =>
        {
            foreach (ref readonly var call in share.Span)
                publishers[number].Publish(in call);
        });
        Array.ForEach(publishers, publisher => publisher.Dispose());
    }

    private static Lap NewEngine(TextCall[] calls, ExecutionMode mode)
    {
        var engine = Engine([], mode) with { Window = Hour };
        return engine.Run(
            calls.Length,
            (_, publisher) =>
            {
                for (var at = 0; at < calls.Length; at += CallEngine<TextCall, string>.BatchEvents)
                {
                    var count = Math.Min(CallEngine<TextCall, string>.BatchEvents, calls.Length - at);
                    publisher.Publish(calls.AsSpan(at, count));
                }
            },
            endsInLap: false);
    }

    private static CallEngine<TextCall, string> Engine(string[] known, ExecutionMode mode) => new()
    {
        Mode = mode,
        Read = static () => StreamProcessorBuilder.For<TextCall>()
            .KeyBy(static call => call.Key)
            .EventTime(static call => call.Ticks)
            .Measure("value", static call => call.Value),
        NumberOf = TextCalls.NumberOf,
        Before = Array.ConvertAll(known, name => new TextCall(name, -TimeSpan.TicksPerHour, 0)),
    };

    private static CallEngine<NumberCall, int> NumberEngine(ExecutionMode mode) => new()
    {
        Mode = mode,
        Read = static () => StreamProcessorBuilder.For<NumberCall>()
            .KeyBy(static call => call.Key)
            .EventTime(static call => call.Ticks)
            .Measure("value", static call => call.Value),
        NumberOf = static key => key,
        Before = [.. Enumerable.Range(0, TextCalls.Keys)
            .Select(key => new NumberCall(key, -TimeSpan.TicksPerHour, 0))],
    };

    private static Contestant Of(string name, Func<Lap> run) => new() { Name = name, Run = run };
}

using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts.Marked;

/// <summary>
/// Events whose reading is generated, beside the user's own code and beside selectors, in one run: selectors are a type
/// of events apart, so that no call site is shared.
/// </summary>
internal static class MarkedRuns
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Text keys.</summary>
    public static TextPart Texts(int events)
    {
        var known = TextRuns.Known(events, areFresh: false);
        var names = TextCalls.Names(TextCalls.Keys);
        var calls = Array.ConvertAll(
            TextCalls.Generate(events, names, areFresh: false),
            call => new MarkedTextCall(call.Key, call.Ticks, call.Value));
        return known with
        {
            Name = "typed with generator, texts",
            Others = [.. known.Engine.Select(one => one.Engine with { Name = $"selectors {one.Engine.Name}" })],
            Engine =
            [
                (Of("Inline, batches", () => Engine(names, ExecutionMode.Inline).RunBatches(calls)), 1.2),
                (Of("Fused, batches", () => Engine(names, ExecutionMode.Fused).RunBatches(calls)), 1),
                (Of("Inline, singles", () => Engine(names, ExecutionMode.Inline).RunSingles(calls)), 0.6),
                (Of("Fused, singles", () => Engine(names, ExecutionMode.Fused).RunSingles(calls)), 0.5),
            ],
        };
    }

    /// <summary>Integer keys, in batches.</summary>
    public static TextPart Numbers(int events)
    {
        var known = TextRuns.Numbers(events);
        var calls = Array.ConvertAll(
            TextCalls.Generate(events), call => new MarkedNumberCall(call.Key, call.Ticks, call.Value));
        return known with
        {
            Name = "typed with generator, integers",
            Others = [.. known.Engine.Select(one => one.Engine with { Name = $"selectors {one.Engine.Name}" })],
            Engine =
            [
                (Of("Inline, batches", () => NumberEngine(ExecutionMode.Inline).RunBatches(calls)), 2),
                (Of("Fused, batches", () => NumberEngine(ExecutionMode.Fused).RunBatches(calls)), 2),
            ],
        };
    }

    private static CallEngine<MarkedTextCall, string> Engine(string[] known, ExecutionMode mode) => new()
    {
        Mode = mode,
        Window = Second,
        Read = static () => StreamProcessorBuilder.ForStreamEvents<MarkedTextCall>().KeyBy("Key"),
        NumberOf = TextCalls.NumberOf,
        Before = Array.ConvertAll(known, name => new MarkedTextCall(name, -TimeSpan.TicksPerHour, 0)),
    };

    private static CallEngine<MarkedNumberCall, int> NumberEngine(ExecutionMode mode) => new()
    {
        Mode = mode,
        Window = Second,
        Read = static () => StreamProcessorBuilder.ForStreamEvents<MarkedNumberCall>().KeyBy<int>("Key"),
        NumberOf = static key => key,
        Before = [.. Enumerable.Range(0, TextCalls.Keys)
            .Select(key => new MarkedNumberCall(key, -TimeSpan.TicksPerHour, 0))],
    };

    private static Contestant Of(string name, Func<Lap> run) => new() { Name = name, Run = run };
}

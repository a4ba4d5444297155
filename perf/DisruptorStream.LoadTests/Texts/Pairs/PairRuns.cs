using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts.Pairs;

/// <summary>Keys of two texts, a hundred of each, beside a dictionary of tuples.</summary>
internal static class PairRuns
{
    private const int Models = 100;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TextPart Of(int events)
    {
        var names = TextCalls.Names(TextCalls.Keys);
        var calls = Array.ConvertAll(
            TextCalls.Generate(events),
            call => new PairCall(names[call.Key / Models], names[call.Key % Models], call.Ticks, call.Value));
        return new TextPart
        {
            Name = "keys of two texts",
            Own = Of("dictionary", () => PairDictionary.Run(calls, Second)),
            Engine =
            [
                (Of("Inline, batches", () => Engine(names, ExecutionMode.Inline).RunBatches(calls)), 1.2),
                (Of("Fused, batches", () => Engine(names, ExecutionMode.Fused).RunBatches(calls)), 1),
                (Of("Inline, singles", () => Engine(names, ExecutionMode.Inline).RunSingles(calls)), 0.6),
                (Of("Fused, singles", () => Engine(names, ExecutionMode.Fused).RunSingles(calls)), 0.5),
            ],
        };
    }

    /// <summary>The number of a key.</summary>
    public static int NumberOf((string Tenant, string Model) key) =>
        (TextCalls.NumberOf(key.Tenant) * Models) + TextCalls.NumberOf(key.Model);

    private static CallEngine<PairCall, (string Tenant, string Model)> Engine(string[] names, ExecutionMode mode) =>
        new()
        {
            Mode = mode,
            Read = static () => StreamProcessorBuilder.For<PairCall>()
                .KeyBy(static call => (call.Tenant, call.Model))
                .EventTime(static call => call.Ticks)
                .Measure("value", static call => call.Value),
            NumberOf = NumberOf,
            Before = [.. Enumerable.Range(0, TextCalls.Keys).Select(
                key => new PairCall(names[key / Models], names[key % Models], -TimeSpan.TicksPerHour, 0))],
        };

    private static Contestant Of(string name, Func<Lap> run) => new() { Name = name, Run = run };
}

using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.Tests.Streams.Cases.Queries;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>Random streams: times lie close together, so that everything that can meet does.</summary>
internal static class RandomCases
{
    private static readonly Gen<MetricSpec> Metrics = Gen.Select(
        Gen.Int[0, MetricSpec.Kinds - 1],
        Gen.Int[0, 1],
        Gen.Frequency((2, Gen.Const(-1)), (1, Gen.Int[0, 2])),
        (kind, measure, filter) => new MetricSpec(kind, measure, filter));

    private static readonly Gen<(long? Count, long? Delay)> Early = Gen.Select(
        Gen.Frequency((3, Gen.Const((long?)null)), (1, Gen.Long[1, 3].Select(count => (long?)count))),
        Gen.Frequency((6, Gen.Const((long?)null)), (1, Gen.Long[0, 12].Select(delay => (long?)delay))));

    private static readonly Gen<int[]> Where = Gen.OneOf(
        Gen.Const(Array.Empty<int>()), Gen.Int[0, Reading.Filters.Length - 1].Array[1, 2]);

    private static readonly Gen<QueryShape> Queries = Gen.Select(
        Gen.Select(Gen.Int[0, 7], Where, Gen.Int[0, 5]),
        Gen.Select(Gen.Long[1, 30], Gen.Long[1, 20], Gen.Long[-40, 40]),
        Gen.Select(Early, Gen.Int[-1, 2], Gen.Enum<AccumulationMode>()),
        Gen.Select(
            Gen.Frequency((2, Gen.Const(0L)), (3, Gen.Long[1, 30])),
            Gen.Int[0, 3],
            Gen.Frequency((4, Gen.Const((long?)null)), (1, Gen.Long[0, 6].Select(bound => (long?)bound)))),
        Metrics.Array[1, 5],
        (what, window, trigger, lateness, metrics) => new QueryShape
        {
            Key = what.Item1,
            Where = what.Item2,
            Window = what.Item3,
            Size = window.Item1,
            Slide = window.Item2,
            Offset = window.Item3,
            EarlyCount = trigger.Item1.Count,
            EarlyDelay = trigger.Item1.Delay,
            Late = trigger.Item2,
            Mode = trigger.Item3,
            Lateness = lateness.Item1,
            Fills = lateness.Item2 == 0,

            // Silences go by the watermark of all.
            KeyBound = what.Item3 == QueryShape.Silence ? null : lateness.Item3,
            Metrics = metrics,
        });

    private static readonly Gen<Reading> Readings = Gen.Select(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 2]),
        Gen.Select(Value, Value, Gen.Long[-5, 5]),
        (keys, values) => new Reading(
            0,
            keys.Item1 == 0 ? null : $"text{keys.Item1}",
            keys.Item2,
            keys.Item3 == 0 ? null : $"{(char)('a' + keys.Item3)}",
            keys.Item4 * 10_000_000_000L,
            values.Item1,
            values.Item2,
            values.Item3));

    public static Gen<StreamCase> Streams { get; } = Gen.Select(
        Queries.Array[1, 5],
        Steps,
        Gen.Select(Chance(6), Chance(2), Gen.Frequency((1, Gen.Const(-1L)), (4, Gen.Long[0, 8]))),
        Gen.Select(Gen.Frequency((3, Gen.Const(-1L)), (1, Gen.Long[5, 30])), Chance(3), Gen.OneOf(
            Gen.Const(1 << 20), Gen.Int[2, 5])),
        Gen.Select(Gen.Int[-2, 2], Chance(2)),
        (queries, steps, time, input, limits) => new StreamCase
        {
            Queries = queries,
            Steps = steps,
            ProcessingTime = time.Item1,
            Ends = time.Item2,
            Bound = time.Item3 < 0 ? null : time.Item3,
            IdleTimeout = input.Item1 < 0 ? null : input.Item1,
            NonFinite = input.Item2 ? NonFinitePolicy.IgnoreMeasure : NonFinitePolicy.RejectEvent,
            MaxKeys = input.Item3,
            SpareWindows = limits.Item1 < 0 ? null : limits.Item1,
            Overflow = limits.Item2 ? WindowOverflowPolicy.EvictOldest : WindowOverflowPolicy.RejectEvent,
        });

    public static Gen<ExecutionMode> Modes => Gen.OneOf(
        Gen.Const(ExecutionMode.Inline), Gen.Const(ExecutionMode.Fused), Gen.Const(ExecutionMode.Staged));

    public static Gen<RunWay> Ways { get; } = Gen.Select(
        Modes,
        Gen.Enum<PublishWay>(),
        Gen.Int[1, 40],
        (mode, way, chunk) => new RunWay(mode, way, chunk));

    private static Gen<double> Value => Gen.Frequency(
        (12, Gen.Double[-10, 10]), (4, Gen.Int[-3, 3].Select(value => (double)value)), (1, Gen.Const(double.NaN)));

    /// <summary>Time creeps on; an event is now and then far behind it, and other steps come in between.</summary>
    private static Gen<RandomStep[]> Steps => Gen.Select(
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 5], Gen.Long[-6, 6], Gen.Long[-40, 0], Readings).Array[30, 110],
        Gen.Long[-200, 200],
        Gen.OneOf(Gen.Const(1L), Gen.Const(TimeSpan.FromMinutes(20).Ticks)),
        (choices, begin, unit) =>
        {
            var steps = new RandomStep[choices.Length];
            var time = begin;
            for (var at = 0; at < steps.Length; at++)
            {
                var (choice, source, jitter, behind, reading) = choices[at];
                time += choice % 3 == 0 ? 2 : 0;
                source = Math.Max(0, source - 3);
                steps[at] = choice switch
                {
                    < 5 => new RandomStep.Watermark(source, (time + jitter) * unit),
                    < 10 => new RandomStep.Clock(choice % 7),
                    < 12 => new RandomStep.Idle(source),
                    < 14 => new RandomStep.Active(source),
                    14 => new RandomStep.Remove(source),
                    15 => new RandomStep.Publish(source, reading with { Ticks = long.MaxValue }),
                    16 => new RandomStep.Publish(source, reading with { Ticks = long.MinValue }),
                    17 => new RandomStep.Publish(source, reading with { Ticks = StreamCase.Skew.Ticks * 2 }),
                    < 35 => new RandomStep.Publish(source, reading with { Ticks = (time + behind) * unit }),
                    _ => new RandomStep.Publish(source, reading with { Ticks = (time + jitter) * unit }),
                };
            }

            return steps;
        });

    private static Gen<bool> Chance(int oneIn) => Gen.Int[1, oneIn].Select(drawn => drawn == 1);
}

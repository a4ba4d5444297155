using DisruptorStream.Aggregation;
using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;
using DisruptorStream.Windows.Grids;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>Setups of every store, with accumulators of every kind.</summary>
internal static class EngineSetups
{
    private static readonly WindowDefinition Tumbling = FixedWindows.Tumbling(20);
    private static readonly WindowDefinition Sliding = new FixedWindows(50, 7, 3);
    private static readonly WindowDefinition Holes = new FixedWindows(7, 10);
    private static readonly WindowDefinition Nested = new SeveralWindows(
        [FixedWindows.Tumbling(4), FixedWindows.Tumbling(20), new FixedWindows(60, 20, 4)]);

    private static readonly WindowDefinition Apart = new SeveralWindows(
        [new FixedWindows(12, 4), FixedWindows.Tumbling(16), new FixedWindows(7, 10), FixedWindows.Tumbling(9)]);

    private static readonly WindowDefinition Session = new GapWindows(6);
    private static readonly WindowDefinition Silent = new SilenceWindows(4, 30);
    private static readonly WindowDefinition Custom = new AssignedWindows(CustomWindows.Create(default(Twos)));

    public static IReadOnlyList<EngineSetup> All { get; } =
    [
        new() { Name = "tumbling", Window = Tumbling, Aggregate = Moments },
        new() { Name = "tumbling, sketches", Window = Tumbling, Aggregate = Sketches, OutOfOrdernessTicks = 10 },
        new() { Name = "sliding, plain", Window = Sliding, Aggregate = Plain, OutOfOrdernessTicks = 5 },
        new()
        {
            Name = "sliding, late panes", Window = Sliding, Aggregate = Failing, AllowedLatenessTicks = 30,
            Late = Trigger(2, 9), IdleTimeoutTicks = 25,
        },
        new()
        {
            Name = "holes, expiry flushes", Window = Holes, Aggregate = Plain, AllowedLatenessTicks = 25,
            MaxSlices = 4,
        },
        new()
        {
            Name = "gaps with what was before", Window = Sliding, Aggregate = Failing, AllowedLatenessTicks = 30,
            Late = Trigger(2, 9), Gaps = new GapFilling(GapValues.Previous, 3),
        },
        new()
        {
            Name = "gaps with nothing", Window = Tumbling, Aggregate = Plain, AllowedLatenessTicks = 30,
            OutOfOrdernessTicks = 5, Gaps = new GapFilling(GapValues.Null, 100),
        },
        new()
        {
            Name = "gaps and early panes", Window = Sliding, Aggregate = Plain, AllowedLatenessTicks = 30,
            Early = Trigger(3, 12), Late = Trigger(1, -1), Gaps = new GapFilling(GapValues.Previous, 5),
        },
        new() { Name = "sizes", Window = Nested, Aggregate = Plain, OutOfOrdernessTicks = 5 },
        new() { Name = "sizes, sketches", Window = Nested, Aggregate = Sketches, AllowedLatenessTicks = 9 },
        new()
        {
            Name = "sizes, late panes", Window = Nested, Aggregate = Failing, AllowedLatenessTicks = 30,
            Late = Trigger(2, 9), IdleTimeoutTicks = 25, MaxSlices = 6,
        },
        new()
        {
            Name = "sizes apart", Window = Apart, Aggregate = Plain, AllowedLatenessTicks = 30, OutOfOrdernessTicks = 5,
            Late = Trigger(1, -1),
        },
        new() { Name = "sizes, processing time", Window = Nested, Aggregate = Moments, ProcessingTime = true },
        new() { Name = "processing time", Window = Tumbling, Aggregate = Plain, ProcessingTime = true },
        new()
        {
            Name = "early panes", Window = Sliding, Aggregate = Plain, Early = Trigger(3, 12), Late = Trigger(1, -1),
            AllowedLatenessTicks = 15,
        },
        new()
        {
            Name = "discarding", Window = Tumbling, Aggregate = Sketches, Early = Trigger(2, -1),
            Accumulation = AccumulationMode.Discarding, OutOfOrdernessTicks = 60,
        },
        new()
        {
            Name = "retracting", Window = Tumbling, Aggregate = Failing, Early = Trigger(2, 8), Late = Trigger(2, 8),
            Accumulation = AccumulationMode.Retracting, AllowedLatenessTicks = 20,
        },
        new()
        {
            Name = "panes at every tick", Window = Sliding, Aggregate = Plain, AllowedLatenessTicks = 20,
            Early = PaneTrigger.Create<Restless, int>(default), Late = PaneTrigger.Create<Restless, int>(default),
        },
        new()
        {
            Name = "sessions, panes at every tick", Window = Session, Aggregate = Moments, AllowedLatenessTicks = 20,
            OutOfOrdernessTicks = 5, Early = PaneTrigger.Create<Restless, int>(default),
            Late = PaneTrigger.Create<Restless, int>(default),
        },
        new()
        {
            Name = "custom windows", Window = Custom, Aggregate = Sketches, OutOfOrdernessTicks = 4,
            AllowedLatenessTicks = 10, Late = Trigger(1, -1),
        },
        new() { Name = "sessions", Window = Session, Aggregate = Moments, OutOfOrdernessTicks = 5 },
        new()
        {
            Name = "sessions, lateness", Window = Session, Aggregate = Sketches, OutOfOrdernessTicks = 3,
            AllowedLatenessTicks = 20, Late = Trigger(1, -1), MaxWindowsPerKey = 3,
        },
        new()
        {
            Name = "sessions, retracting", Window = Session, Aggregate = Failing, Early = Trigger(2, 9),
            Late = Trigger(2, 9), Accumulation = AccumulationMode.Retracting, AllowedLatenessTicks = 15,
            IdleTimeoutTicks = 40,
        },
        new() { Name = "silences", Window = Silent, Aggregate = Moments },
        new()
        {
            Name = "silences, out of order", Window = Silent, Aggregate = Sketches, OutOfOrdernessTicks = 25,
            IdleTimeoutTicks = 40, MaxWindowsPerKey = 2,
        },
        new() { Name = "silences, processing time", Window = Silent, Aggregate = Plain, ProcessingTime = true },
        new()
        {
            Name = "time per key", Window = Tumbling, Aggregate = Moments, KeyTime = new KeyTimeRules(5, 30),
        },
        new()
        {
            Name = "time per key, sliding, late panes", Window = Sliding, Aggregate = Plain,
            AllowedLatenessTicks = 30, Late = Trigger(2, 9), KeyTime = new KeyTimeRules(0, 12), MaxWindowsPerKey = 12,
        },
        new()
        {
            Name = "time per key, sizes, early panes", Window = Nested, Aggregate = Sketches,
            AllowedLatenessTicks = 15, Early = Trigger(3, 12), Late = Trigger(1, -1),
            KeyTime = new KeyTimeRules(2, 20),
        },
        new()
        {
            Name = "time per key, retracting", Window = Holes, Aggregate = Failing, Early = Trigger(2, 8),
            Late = Trigger(2, 8), Accumulation = AccumulationMode.Retracting, AllowedLatenessTicks = 20,
            KeyTime = new KeyTimeRules(0, -1),
        },
        new()
        {
            Name = "time per key, custom windows", Window = Custom, Aggregate = Sketches,
            KeyTime = new KeyTimeRules(4, 25), AllowedLatenessTicks = 10, Late = Trigger(1, -1),
        },
        new()
        {
            Name = "time per key, sessions", Window = Session, Aggregate = Sketches, AllowedLatenessTicks = 20,
            Late = Trigger(1, -1), MaxWindowsPerKey = 3, KeyTime = new KeyTimeRules(3, 10),
        },
        new()
        {
            Name = "time per key, sessions at every tick", Window = Session, Aggregate = Moments,
            AllowedLatenessTicks = 20, Early = PaneTrigger.Create<Restless, int>(default),
            Late = PaneTrigger.Create<Restless, int>(default), KeyTime = new KeyTimeRules(5, 15),
        },
    ];

    public static EngineSetup Named(string name) => All.Single(setup => setup.Name == name);

    private static void Moments(AggregateBuilder a) => a
        .Count("n").Sum("s", "x").Min("min", "x").Max("max", "x");

    private static void Plain(AggregateBuilder a) => a
        .Count("n").Sum("s", "x").Variance("v", "x").First("f", "x").Last("l", "y").Skewness("skew", "x")
        .ZScore("z", "x").MovingAverage("e", 0.3, "x").WeightedAverage("w", "x", "y").ArgMax("am", "y", "x")
        .Histogram("h", [3, 20], "x").Sum("exact", "x", SumMode.Exact).Sum("c", "x", SumMode.Compensated)
        .Min("least", "y");

    private static void Sketches(AggregateBuilder a) => a
        .Count("n").Percentile("p50", 50, "x").Percentile("q", 50, "y").Distinct("d", "x", precision: 7)
        .Top("t", 3, "x", capacity: 4).Min("min", "x")
        .Top("w", 2, "x", "y", capacity: 4).Distinct("dw", "x", "y", precision: 7);

    private static void Failing(AggregateBuilder a) => a
        .Count("n").Sum("long", "y").Custom<Fussy, Fussy.State>("fussy", "x")
        .Percentile("exact", 90, "x", PercentileMode.ExactUpTo(6));

    private static PaneTrigger Trigger(long count, long delayTicks) =>
        PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(new CountDelayTrigger(count, delayTicks));

    /// <summary>A long window for each event, and a short one for those of even times; never for times of 5.</summary>
    private readonly struct Twos : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 2;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            if (timestampTicks % 5 == 0)
                return 0;
            var start = TickMath.FloorDiv(timestampTicks, 32) * 32;
            windows[0] = new TimeWindow(start, start + 32);
            if (timestampTicks % 2 != 0)
                return 1;
            windows[1] = new TimeWindow(timestampTicks, timestampTicks + 3);
            return 2;
        }
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State.Panes;
using DisruptorStream.Tests.State.Saving;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.State.Slices.Levels;

/// <summary>Several sizes at once make what engines with one size each make.</summary>
public sealed partial class LeveledStoreTests
{
    private const int MostSlots = 200;

    private static readonly Gen<int> ShardCount = OneOf(1, 1, 2, 4);

    private static readonly Gen<(int Shards, int Batch, int Budget)> Run =
        Gen.Select(ShardCount, Gen.Int[1, 40], Gen.Int[1, 30]);

    private static readonly Gen<FixedWindows> Size = Gen.Select(
        OneOf(2, 3, 4, 6, 8, 12, 15, 16, 24, 48),
        Gen.Frequency((4, Gen.Const(0)), (2, OneOf(1, 2, 3, 4, 6, 8, 12)), (1, Gen.Int[1, 30])),
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[-8, 8])),
        (size, slide, offset) => new FixedWindows(size, slide == 0 ? size : slide, offset));

    private static readonly Gen<EngineSetup> Setup = Gen.Select(
        Size.Array[2, 4],
        Gen.Frequency((2, Gen.Const(0L)), (4, Gen.Long[1, 40]), (1, Gen.Const(long.MaxValue))),
        OneOf(0L, 3, 15, -1),
        OneOf("none", "each", "second"),
        OneOf(false, false, false, true),
        (sizes, lateness, bound, late, processing) => new EngineSetup
        {
            Name = "several",
            Window = DefinitionOf(sizes),
            Aggregate = Alike,
            AllowedLatenessTicks = processing ? 0 : lateness,
            OutOfOrdernessTicks = bound,
            ProcessingTime = processing,
            Late = late == "none" ? null : Trigger(late == "each" ? 1 : 2, late == "each" ? -1 : 9),
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    [Fact]
    public void Rows_AnySizesAndHistory_AreThoseOfEachSizeAlone()
    {
        var rows = 0;
        Gen.Select(Setup, SlotHistory.Any(MostSlots, keys: 4), Gen.Double[0, 1], Run, Run).Sample(
            (setup, slots, share, before, after) =>
            {
                if (setup.Window is not SeveralWindows several)
                    return;
                slots = [.. slots, new EventSlot { Kind = SlotKind.EndOfInput }];
                var (expected, dropped, late) = Alone(setup, several, slots);
                var middle = (int)(share * slots.Length);
                using var first = new SavedEngine(setup, before.Shards);
                first.Handle(slots, 0, middle, before.Batch, before.Budget);
                var actual = first.TakeRows();
                using var second = new SavedEngine(setup, after.Shards);
                second.Load(first.Save());
                second.Handle(slots, middle, slots.Length, after.Batch, after.Budget);
                actual = [.. actual, .. second.TakeRows()];

                Assert.Equal(expected, actual.Where(row => !IsDropped(row)));
                Assert.Equal(late, LateOf(second));
                if (!several.Sizes.Any(size => size is FixedWindows { SlideTicks: var slide, SizeTicks: var length }
                    && slide > length))
                {
                    Assert.Equal(dropped, actual.Where(IsDropped));
                }

                rows += expected.Count;
            },
            iter: 500,
            threads: 1);
        Assert.True(rows > 5_000, $"Only {rows} rows were compared.");
    }

    /// <summary>
    /// The rows of engines with one size each, those that all of them drop, and how many windows were late.
    /// </summary>
    private static (List<string> Rows, List<string> Dropped, long Late) Alone(
        EngineSetup setup, SeveralWindows several, EventSlot[] slots)
    {
        var rows = new List<string>();
        var dropped = default(List<string>);
        var late = 0L;
        foreach (var size in several.Sizes)
        {
            using var engine = new SavedEngine(setup with { Window = size }, 1);
            engine.Handle(slots, 0, slots.Length, 13, 100);
            var own = engine.TakeRows();
            rows.AddRange(own.Where(row => !IsDropped(row)));
            var refused = own.Where(IsDropped);
            dropped = dropped is null ? [.. refused] : [.. dropped.Intersect(refused)];
            late += LateOf(engine);
        }

        return ([.. rows.OrderBy(PlaceOf)], dropped!, late);
    }

    private static bool IsDropped(string row) => row.Contains("Dropped", StringComparison.Ordinal);

    private static long LateOf(SavedEngine engine) =>
        long.Parse(engine.Counts.Split(' ')[2], CultureInfo.InvariantCulture);

    private static (long Sequence, long End, long Start, long Key, long Pane) PlaceOf(string row)
    {
        var parts = RowHead().Match(row).Groups;
        return (Number(1), Number(3), Number(2), Number(4), Number(5));

        long Number(int part) => long.Parse(parts[part].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(\d+): (-?\d+)\.\.(-?\d+) key (\d+) pane (\d+)")]
    private static partial Regex RowHead();

    /// <summary>One size where two of them have windows in common.</summary>
    private static WindowDefinition DefinitionOf(FixedWindows[] sizes)
    {
        try
        {
            return new SeveralWindows(sizes);
        }
        catch (ArgumentException)
        {
            return sizes[0];
        }
    }

    /// <summary>Metrics of which each bit is the same however the events are cut into slices.</summary>
    private static void Alike(AggregateBuilder a) => a
        .Count("n").Sum("whole", "y").Min("min", "x").Max("max", "x").First("f", "x").Last("l", "y")
        .Sum("exact", "x", SumMode.Exact).Sum("c", "x", SumMode.Compensated).Histogram("h", [3, 20], "x")
        .Percentile("p50", 50, "x").Percentile("all", 90, "x", PercentileMode.Exact).Distinct("d", "x", precision: 7)
        .ArgMax("am", "y", "x");

    private static PaneTrigger Trigger(long count, long delayTicks) =>
        PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(new CountDelayTrigger(count, delayTicks));
}

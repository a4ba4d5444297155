using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>The loop that finds records as it folds, beside finding them first: the same bits.</summary>
public sealed unsafe class MomentsIntoArrayTests
{
    private const int Keys = 40;

    private static readonly Gen<double> AnyMeasure = Gen.Frequency(
        (10, Gen.Double[-100, 100]), (1, Gen.Const(double.NaN)), (1, Gen.Const(double.PositiveInfinity)));

    [Theory]
    [InlineData(0, NonFinitePolicy.IgnoreMeasure)]
    [InlineData(1, NonFinitePolicy.IgnoreMeasure)]
    [InlineData(1, NonFinitePolicy.RejectEvent)]
    public void AccumulateInto_AnyEvents_EqualsLocateAndAccumulate(int measure, NonFinitePolicy policy)
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx.IsSupported, "There is no such loop without AVX.");
        Gen.Select(Gen.Int[0, Keys - 1], AnyMeasure, AnyMeasure).Array[1, 100].Sample(events =>
        {
            using var plan = NewPlan(measure, policy);
            using var pool = new PagePool(plan.RecordBytes);
            using var one = new KeyedTable(pool, plan.InitialRecord);
            using var two = new KeyedTable(pool, plan.InitialRecord);
            var slots = Array.ConvertAll(events, next => NewSlot(next.Item1, next.Item2));
            var further = Array.ConvertAll(events, next => BitConverter.DoubleToInt64Bits(next.Item3));
            var records = new nint[slots.Length];
            fixed (EventSlot* slot = slots)
            fixed (long* more = further)
            fixed (nint* record = records)
            {
                var view = new EventView(slot, more, 1, 0, slots.Length);
                Fold(plan, one, view);
                two.Locate(view, record);
                plan.Accumulate(view, record);
            }

            AssertSame(plan, one, two);
        });
    }

    [Theory]
    [InlineData(0, NonFinitePolicy.IgnoreMeasure)]
    [InlineData(1, NonFinitePolicy.IgnoreMeasure)]
    [InlineData(1, NonFinitePolicy.RejectEvent)]
    public void AccumulateInto_AnyEventsOfTwoSlices_EqualsEachSliceAlone(int measure, NonFinitePolicy policy)
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx.IsSupported, "There is no such loop without AVX.");
        Gen.Select(Gen.Int[0, Keys - 1], AnyMeasure, AnyMeasure, Gen.Long[-3, 2]).Array[1, 100].Sample(events =>
        {
            using var plan = NewPlan(measure, policy);
            using var pool = new PagePool(plan.RecordBytes);
            KeyedTable NewTable() => new(pool, plan.InitialRecord);
            using var newer = NewTable();
            using var older = NewTable();
            using var newerAlone = NewTable();
            using var olderAlone = NewTable();
            var slots = Array.ConvertAll(
                events, next => NewSlot(next.Item1, next.Item2) with { TimestampTicks = next.Item4 });
            var further = Array.ConvertAll(events, next => BitConverter.DoubleToInt64Bits(next.Item3));
            fixed (EventSlot* slot = slots)
            fixed (long* more = further)
            {
                var view = new EventView(slot, more, 1, 0, slots.Length);
                FoldBoth(plan, newer, older, view);
                for (var index = 0; index < slots.Length; index++)
                    Fold(plan, slots[index].TimestampTicks < 0 ? olderAlone : newerAlone, view.Slice(index, 1));
            }

            AssertSame(plan, newer, newerAlone);
            AssertSame(plan, older, olderAlone);
        });
    }

    private static AggregatePlan NewPlan(int measure, NonFinitePolicy policy)
    {
        var builder = new AggregateBuilder(
            [new MeasureDefinition("x", 0, MeasureType.Double), new MeasureDefinition("y", 1, MeasureType.Double)]);
        builder.Sum("sum", measure == 0 ? "x" : "y").Min("min", measure == 0 ? "x" : "y")
            .Max("max", measure == 0 ? "x" : "y");
        var plan = AggregatePlan.Compile(builder.Metrics, policy);
        Assert.True(plan.FindsRecords);
        return plan;
    }

    /// <summary>As a slice store does: what is beyond the range is added, and the loop goes on with it.</summary>
    private static void Fold(AggregatePlan plan, KeyedTable table, EventView view)
    {
        var done = 0;
        while (true)
        {
            var rest = view.Slice(done, view.Count - done);
            done += plan.AccumulateInto(table.Array, rest);
            if (done == view.Count)
                return;
            table.Add(view.Slots[done].KeyId);
        }
    }

    private static void FoldBoth(AggregatePlan plan, KeyedTable newer, KeyedTable older, EventView view)
    {
        for (var done = 0; done < view.Count;)
        {
            var rest = view.Slice(done, view.Count - done);
            done += plan.AccumulateInto(newer.Array, older.Array, 0, rest);
            if (done < view.Count)
                (view.Slots[done].TimestampTicks < 0 ? older : newer).Add(view.Slots[done].KeyId);
        }
    }

    private static void AssertSame(AggregatePlan plan, KeyedTable one, KeyedTable two)
    {
        Assert.Equal(two.Count, one.Count);
        for (var key = 0; key < Keys; key++)
        {
            var first = one.Find(key);
            var second = two.Find(key);
            Assert.Equal(second != null, first != null);
            if (first == null)
                continue;
            Assert.Equal(new Span<byte>(second, plan.RecordBytes), new Span<byte>(first, plan.RecordBytes));
        }
    }

    private static EventSlot NewSlot(int keyId, double measure) =>
        new() { KeyId = keyId, Measure = BitConverter.DoubleToInt64Bits(measure) };
}

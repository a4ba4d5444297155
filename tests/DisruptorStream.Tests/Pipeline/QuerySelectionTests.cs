using CsCheck;
using DisruptorStream.Building.Planning;
using DisruptorStream.Events;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>What a query takes of a batch equals the obvious list, however the batch is cut into runs.</summary>
public sealed unsafe class QuerySelectionTests
{
    private const long First = (1L << 40) + 5;

    // One delegate is one filter, and one bit.
    private static readonly Func<Call, bool> IsLarge = call => call.X > 1;

    private static readonly ProcessorPlan Plan = StreamPlanner.Plan(StreamProcessorBuilder.For<Call>()
        .EventTime(call => call.Ticks)
        .Measure("x", call => call.X)
        .Measure("y", call => call.Y)
        .Key("a", call => call.A)
        .Key("b", call => call.B)
        .Query("all", query => query.By("a").TumblingWindows(new(10)).Aggregate(a => a.Sum("x")))
        .Query("other key", query => query.By("b").TumblingWindows(new(10)).Aggregate(a => a.Sum("y")))
        .Query("filtered", query => query.Where(IsLarge).By("b").TumblingWindows(new(10))
            .Aggregate(a => a.Sum("y")))
        .Query("filtered sessions", query => query.Where(IsLarge).By("b").SessionWindows(new(10))
            .Aggregate(a => a.Sum("y")))
        .Query("panes", query => query.From("all").By("a").SessionWindows(new(10)).Aggregate(a => a.Count("n")))
        .Definition);

    private static readonly SlotKind[] Kinds =
        [SlotKind.Event, SlotKind.Partial, SlotKind.Refused, SlotKind.Void, SlotKind.Tick];

    private static readonly Gen<(SlotKind Kind, bool Passes, int A, int B)[]> AnyEvents = Gen.Select(
        Gen.Int[0, Kinds.Length - 1].Select(kind => Kinds[kind]),
        Gen.Bool,
        Gen.Int[0, 5],
        Gen.Int[0, 5]).Array[1, 60];

    [Theory]
    [InlineData("all", false)]
    [InlineData("other key", false)]
    [InlineData("filtered", false)]
    [InlineData("filtered sessions", true)]
    [InlineData("panes", true)]
    public void EventsOf_AnyBatchAndRun_AreThoseThatPassWithTheKey(string name, bool followsWatermark)
    {
        var query = Plan.Queries.Single(other => other.Name == name);
        using var selection = new QuerySelection(query, Plan.Inputs[0]);
        Gen.Select(AnyEvents, Gen.Int[0, 59], Gen.Int[0, 60]).Sample(
            (events, start, count) =>
            {
                start = Math.Min(start, events.Length);
                Check(selection, events, start, Math.Min(count, events.Length - start), name, followsWatermark);
            },
            threads: 1);
        Assert.Equal(name == "panes", selection.TakesNothing);
    }

    [Fact]
    public void ReasonAt_WhatTheQueryReads_IsWhatCounts()
    {
        using var selection = new QuerySelection(Query("other key"), Plan.Inputs[0]);
        (int A, int B)[] keys = [(1, 1), (EventSlot.NoKey, 1), (1, EventSlot.NoKey), (1, -1), (1, 1), (1, 1)];
        var (slots, words) = Slots([.. keys.Select(key => (SlotKind.Partial, true, key.A, key.B))]);
        slots[4].Measure = BitConverter.DoubleToInt64Bits(double.NaN);
        words[5 * Words] = BitConverter.DoubleToInt64Bits(double.NaN);
        fixed (EventSlot* slot = slots)
        fixed (long* word = words)
        {
            selection.Begin(new EventView(slot, word, Words, First, slots.Length));
            DropReason[] reasons = [.. Enumerable.Range(0, 6).Select(index => selection.ReasonAt(First + index))];
            Assert.Equal(
                [
                    DropReason.None, DropReason.None, DropReason.NoKey, DropReason.KeyLimit, DropReason.None,
                    DropReason.NotFinite,
                ],
                reasons);
        }
    }

    private static int Words => Plan.Inputs[0].Layout.FurtherWords;

    private static QueryPlan Query(string name) => Plan.Queries.Single(query => query.Name == name);

    private static void Check(
        QuerySelection selection,
        (SlotKind Kind, bool Passes, int A, int B)[] events,
        int start,
        int count,
        string name,
        bool followsWatermark)
    {
        var (slots, words) = Slots(events);
        fixed (EventSlot* slot = slots)
        fixed (long* word = words)
        {
            selection.Begin(new EventView(slot, word, Words, First, events.Length));
            var taken = selection.EventsOf(new EventRun { FirstSequence = First + start, Count = count });
            var expected = Enumerable.Range(start, count)
                .Where(index => name != "panes"
                    && (!name.StartsWith("filtered", StringComparison.Ordinal) || IsKept(events[index])))
                .Select(index => (First + index, name == "all" ? events[index].A : events[index].B, (long)index))
                .ToArray();
            var got = new List<(long, int, long)>();
            for (var index = 0; index < taken.Count; index++)
            {
                var place = *(long*)taken.Slice(index, 1).Measure(1, out _);
                if (!followsWatermark || taken.Slots[index].KeyId >= 0)
                    got.Add((taken.SequenceOf(index), taken.Slots[index].KeyId, place));
            }

            Assert.Equal(expected, got);
            Assert.Equal(expected.Length, selection.CountKept(First + start, count));
            if (followsWatermark)
                Assert.Equal(count, taken.Count);
        }
    }

    private static bool IsKept((SlotKind Kind, bool Passes, int A, int B) one) =>
        one.Passes && one.Kind is (SlotKind.Event or SlotKind.Partial or SlotKind.Refused);

    /// <summary>The second measure of an event is its place.</summary>
    private static (EventSlot[] Slots, long[] Words) Slots((SlotKind Kind, bool Passes, int A, int B)[] events)
    {
        var layout = Plan.Inputs[0].Layout;
        var (slots, words) = (new EventSlot[events.Length], new long[events.Length * layout.FurtherWords]);
        for (var index = 0; index < events.Length; index++)
        {
            slots[index] = new EventSlot { Kind = events[index].Kind, KeyId = events[index].A, TimestampTicks = index };
            words[index * layout.FurtherWords] = index;
            words[(index * layout.FurtherWords) + layout.KeyWord] = (uint)events[index].B;
            words[(index * layout.FurtherWords) + layout.FilterWord] = events[index].Passes ? 1 : 0;
        }

        return (slots, words);
    }

    private sealed record Call(long Ticks, double X, double Y, string A, string B);
}

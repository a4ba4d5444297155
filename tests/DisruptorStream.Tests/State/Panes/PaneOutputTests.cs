using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Panes;

public sealed class PaneOutputTests
{
    /// <summary>Staged in any order, written in between: each row comes in its place, equal ones in turn.</summary>
    [Fact]
    public void Stage_AnyOrderWithRowsBetween_IsAStableSortUpToEachRow() =>
        Gen.Select(Gen.Int[0, 9], Gen.Long[0, 4], Gen.Long[0, 2], Gen.Int[0, 3]).Array[1, 300].Sample(acts =>
        {
            var output = new Recorded();
            var expected = new List<string>();
            var staged = new List<ResultHeader>();
            var number = 0;
            foreach (var (act, sequence, end, key) in acts)
            {
                number++;
                var header = Row(sequence, end, key, number);
                if (act < 7)
                {
                    output.Stage(header, [number, 2 * number]);
                    staged.Add(header);
                }
                else if (act < 9)
                {
                    output.Write(header, [number, 2 * number]);
                    Move(staged, expected, row => ResultHeader.Compare(row, header) < 0);
                    expected.Add(Recorded.Describe(header, [number, 2 * number]));
                }
                else
                {
                    output.FlushStaged();
                    Move(staged, expected, _ => true);
                }

                Assert.Equal(staged.Count, output.StagedCount);
                var first = staged.Count == 0 ? long.MaxValue : staged.Min(row => row.Sequence);
                Assert.Equal(first, output.StagedSequence);
            }

            Assert.Equal(expected, output.Rows);
        });

    [Fact]
    public void Write_GroupBehindStagedRows_LetsEachPaneWaitForThoseBeforeIt()
    {
        var output = new Recorded();
        var panes = new PaneGroup(width: 2) { Count = 3 };
        panes.Headers[0] = Row(5, 0, 0, 77);
        for (var pane = 0; pane < 3; pane++)
        {
            panes.KeyIds[pane] = 2 * pane;
            panes.FailureIndexes[pane] = -1;
            panes.Values[2 * pane] = 10 + pane;
        }

        output.Stage(Row(5, 0, 3, 1), [1, 2]);
        output.Stage(Row(6, 0, 0, 2), [2, 4]);
        output.Write(panes);

        Assert.Equal(
            ["5 key 0: 10 0", "5 key 2: 11 0", "5 key 3: 1 2", "5 key 4: 12 0"],
            output.Rows.Select(row => row.Split(" #")[0]));
        Assert.Equal(6, output.StagedSequence);
    }

    [Fact]
    public unsafe void StageDropped_EventsOfThreeMeasures_AreRowsWithAllOfThem()
    {
        var slots = stackalloc EventSlot[2];
        slots[0] = new EventSlot { TimestampTicks = 40, Measure = 1, KeyId = 7 };
        slots[1] = new EventSlot { TimestampTicks = 30, Measure = 2, KeyId = -1 };
        var further = stackalloc long[] { 10, 20, 11, 21 };
        var output = new Recorded(width: 4);

        output.StageDropped(new EventView(slots, further, 2, 100, 2), DropReason.Late, measureCount: 3);
        output.FlushStaged();

        Assert.Equal(["100 key 7: 1 10 20 0", "101 key -1: 2 11 21 0"], output.Rows.Select(row => row.Split(" #")[0]));
        Assert.All(
            output.Headers,
            header => Assert.Equal((ResultFlags.Dropped, DropReason.Late), (header.Flags, header.Reason)));
        Assert.Equal([40, 30], output.Headers.Select(header => header.StartTicks));
    }

    /// <summary>While a row waits for room it is the first one that is not complete.</summary>
    [Fact]
    public void FlushStaged_EmissionFailsInTheMiddle_GoesOnWithThatRow()
    {
        var output = new Recorded();
        output.Stage(Row(1, 0, 0, 1), [1, 1]);
        output.Stage(Row(2, 0, 0, 2), [2, 2]);
        output.OnEmit = header =>
        {
            Assert.Equal(header.Sequence, output.StagedSequence);
            if (header.Sequence == 2)
                throw new TimeoutException("room");
        };

        Assert.Throws<TimeoutException>(output.FlushStaged);

        Assert.Equal((1, 2), (output.StagedCount, output.StagedSequence));
        output.OnEmit = null;
        output.FlushStaged();
        Assert.Equal([1, 2], output.Headers.Select(header => header.Sequence));
    }

    private static void Move(List<ResultHeader> staged, List<string> expected, Func<ResultHeader, bool> isDue)
    {
        var due = staged.OrderBy(row => row, Comparer<ResultHeader>.Create((a, b) => ResultHeader.Compare(a, b)))
            .TakeWhile(isDue).ToList();
        foreach (var row in due)
        {
            expected.Add(Recorded.Describe(row, [row.FailureIndex, 2 * row.FailureIndex]));
            staged.RemoveAll(one => one.FailureIndex == row.FailureIndex);
        }
    }

    /// <summary>The failure's index tells rows apart and takes no part in their order.</summary>
    private static ResultHeader Row(long sequence, long end, int key, int number) => new()
    {
        Sequence = sequence,
        OrderEndTicks = end,
        EndTicks = end,
        KeyId = key,
        FailureIndex = number,
        Timing = PaneTiming.OnTime,
    };

    private sealed class Recorded : PaneOutput
    {
        public Recorded(int width = 2)
            : base(width)
        {
        }

        public List<string> Rows { get; } = [];

        public List<ResultHeader> Headers { get; } = [];

        public Action<ResultHeader>? OnEmit { get; set; }

        public static string Describe(in ResultHeader header, ReadOnlySpan<long> values) =>
            $"{header.Sequence} key {header.KeyId}: {string.Join(' ', values.ToArray())} #{header.FailureIndex}";

        protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values)
        {
            OnEmit?.Invoke(header);
            Rows.Add(Describe(header, values));
            Headers.Add(header);
        }
    }
}

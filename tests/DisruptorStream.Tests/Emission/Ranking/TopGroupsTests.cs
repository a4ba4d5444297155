using CsCheck;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.State;
using DisruptorStream.State.Keys;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission.Ranking;

/// <summary>Lists of groups of keys: those whose ids are the same by three, the highest of which came first.</summary>
public sealed class TopGroupsTests
{
    private readonly WatermarkProgress _watermarks = new();
    private readonly Rows.Recorder _recorder = new();

    /// <summary>Each group that has got panes gets a list, and no other one.</summary>
    [Fact]
    public void Add_PanesOfSomeGroups_TheirListsComeInTheOrderOfTheGroups()
    {
        var output = NewOutput(_recorder, count: 1, latenessTicks: 9);
        output.Add(Rows.Pane(5, key: 0), Rows.Values(1, 4));
        output.Add(Rows.Pane(5, key: 1), Rows.Values(1, 8));
        output.Add(Rows.Pane(5, key: 3), Rows.Values(1, 6));
        output.Advance(5);
        output.Add(Rows.Pane(6, key: 3, pane: 1, timing: PaneTiming.Late), Rows.Values(2, 1));
        output.Advance(6);

        Assert.Equal(
            ["1 #1 list 0 OnTime", "3 #1 list 0 OnTime", "0 #1 list 1 Late"],
            _recorder.Taken.Select(row => $"{row.Header.KeyId} #{row.Header.Rank} list {row.Header.PaneIndex} "
                + $"{row.Header.Timing}"));
    }

    /// <summary>A group whose first pane is late has a list 0 that is late, and flags of its own.</summary>
    [Fact]
    public void Add_GroupThatComesLate_HasItsOwnListsAndFlags()
    {
        var output = NewOutput(_recorder, count: 2, latenessTicks: 9);
        output.Add(Rows.Pane(5, key: 0), Rows.Values(1, 4));
        output.Add(
            Rows.Pane(6, key: 2, timing: PaneTiming.Late, flags: ResultFlags.Last), Rows.Values(1, 4));
        output.Add(Rows.Pane(6, key: 0, pane: 1, timing: PaneTiming.Late), Rows.Values(1, 5));
        output.Advance(6);

        Assert.Equal(
            ["0 list 0 OnTime None", "2 list 0 Late Last", "0 list 1 Late None"],
            _recorder.Taken.Select(row => $"{row.Header.KeyId} list {row.Header.PaneIndex} {row.Header.Timing} "
                + $"{row.Header.Flags}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Add_AnyPanesOfASlot_AreTheFirstOfEachGroup(long latenessTicks) =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[-5, 5]).Array[1, 60].SelectMany(
            panes => Gen.Int[1, 5].Select(count => (panes, count))).Sample(sample =>
            {
                var panes = sample.panes.DistinctBy(pane => pane.Item1).OrderBy(pane => pane.Item1).ToList();
                var recorder = new Rows.Recorder();
                var output = NewOutput(recorder, sample.count, latenessTicks);
                foreach (var (key, value) in panes)
                    output.Add(Rows.Pane(5, key: key), Rows.Values(1, value));
                output.Advance(5);

                var expected = panes.GroupBy(pane => pane.Item1 % 3).OrderByDescending(group => group.Key)
                    .SelectMany(group => group.OrderByDescending(pane => pane.Item2).ThenBy(pane => pane.Item1)
                        .Take(sample.count).Select((pane, rank) => (pane.Item1, rank + 1)));
                Assert.Equal(expected, recorder.Taken.Select(row => (row.Header.KeyId, row.Header.Rank)));
            });

    private TopOutput NewOutput(Rows.Recorder output, int count, long latenessTicks)
    {
        var ranking = new TopRanking { Count = count, By = "sum", Column = 1, IsAscending = false };
        return new TopOutput(
            output,
            () => new TopWindow(ranking, Rows.CountAndSum, new ById(), new ByThree(), latenessTicks > 0),
            _ => new FailureLog(),
            latenessTicks,
            _watermarks,
            firstSequence: 0);
    }

    private sealed class ById : IKeyOrder
    {
        public long OrdinalOf(int keyId) => keyId;
    }

    private sealed class ByThree : IKeyGroups
    {
        public UInt128 GroupOf(int keyId) => (UInt128)(keyId % 3);

        public int Compare(UInt128 left, UInt128 right) => right.CompareTo(left);
    }
}

using CsCheck;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.State;
using DisruptorStream.State.Keys;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission.Ranking;

public sealed class TopOutputTests
{
    private readonly WatermarkProgress _watermarks = new();
    private readonly Rows.Recorder _recorder = new();

    private static TopRanking BySum { get; } =
        new() { Count = 2, By = "sum", Column = 1, IsAscending = false };

    [Fact]
    public void Add_RowsOfOneSlot_GoOutOnceAllHaveCome()
    {
        var output = NewOutput(_recorder, latenessTicks: 0);

        output.Add(Rows.Pane(5, key: 1), Rows.Values(1, 10));
        output.Add(Rows.Pane(5, key: 2), Rows.Values(1, 30));
        output.Flush();
        output.Advance(4);
        Assert.Empty(_recorder.Taken);
        output.Add(Rows.Pane(5, key: 3), Rows.Values(1, 20));
        output.Advance(5);
        Assert.Equal([(2, 1), (3, 2)], Ranks());

        output.Add(Rows.Pane(6, end: 20, start: 10, key: 1), Rows.Values(1, 10));
        output.Add(Rows.Dropped(7), Rows.Values(0, 0));
        Assert.Equal([(2, 1), (3, 2), (1, 1), (0, 0)], Ranks());
    }

    [Fact]
    public void Advance_WatermarkExpiresAWindow_ItsPanesAreForgotten()
    {
        var output = NewOutput(_recorder, latenessTicks: 5);
        output.Add(Rows.Pane(5, key: 1), Rows.Values(1, 10));
        _watermarks.MoveTo(5, 14);
        output.Advance(5);
        Assert.Equal(1, output.KeptCount);

        _watermarks.MoveTo(6, 15);
        output.Advance(6);

        Assert.Equal(0, output.KeptCount);
    }

    [Fact]
    public void Add_ShownKeyGetsWorse_AnotherOfItsGroupTakesItsPlace()
    {
        var output = NewOutput(_recorder, latenessTicks: 5);
        for (var key = 1; key <= 4; key++)
            output.Add(Rows.Pane(5, key: key), Rows.Values(1, key));
        output.Add(Rows.Pane(6, key: 4, pane: 1, timing: PaneTiming.Late), Rows.Values(2, 1.5));
        output.Advance(6);

        Assert.Equal([(4, 1), (3, 2), (3, 1), (2, 2)], Ranks());
        Assert.Equal([0, 0, 1, 1], _recorder.Taken.Select(row => row.Header.PaneIndex));
        Assert.Equal(PaneTiming.Late, _recorder.Taken[^1].Header.Timing);
    }

    /// <summary>Failed windows and values that are no numbers have nothing to be ranked by.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Add_NoValue_RanksLastWhateverTheOrder(bool ascending)
    {
        var output = NewOutput(_recorder, 0, BySum with { Count = 9, IsAscending = ascending });
        output.Add(Rows.Pane(5, key: 1, failure: 0), Rows.Values(1, 99));
        output.Add(Rows.Pane(5, key: 2), Rows.Values(1, double.NaN));
        output.Add(Rows.Pane(5, key: 3), Rows.Values(1, -0.0));
        output.Add(Rows.Pane(5, key: 4), Rows.Values(1, 0.0));
        output.Add(Rows.Pane(5, key: 5), Rows.Values(1, double.NegativeInfinity));
        output.Add(Rows.Pane(5, key: 6), Rows.Values(1, -7));
        output.Advance(5);

        int[] expected = ascending ? [5, 6, 3, 4, 1, 2] : [3, 4, 6, 5, 1, 2];
        Assert.Equal(expected, Ranks().Select(row => row.KeyId));
    }

    [Fact]
    public void Add_AnyPanesOfAWindow_AreTheFirstOfTheSortedOnes() =>
        Gen.Select(Gen.Select(Gen.Int[0, 30], Gen.Int[-9, 9]).Array[1, 200], Gen.Int[1, 12], Gen.Bool).Sample(
            (panes, count, ascending) =>
            {
                var recorder = new Rows.Recorder();
                var output = NewOutput(recorder, 5, BySum with { Count = count, IsAscending = ascending });
                var values = new Dictionary<int, int>();
                var sequence = 0;
                foreach (var (key, value) in panes)
                {
                    recorder.Taken.Clear();
                    output.Add(Rows.Pane(++sequence, key: key), Rows.Values(1, value));
                    output.Advance(sequence);
                    values[key] = value;
                    var best = values.OrderBy(pane => ascending ? pane.Value : -pane.Value).ThenBy(pane => pane.Key)
                        .Take(count).Select(pane => pane.Key);
                    Assert.Equal(best, recorder.Taken.Select(row => row.Header.KeyId));
                }
            });

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void Add_SteadyState_AllocatesNothing(long latenessTicks)
    {
        var output = NewOutput(new NoRows(), latenessTicks);
        var values = Rows.Values(1, 0);
        Run(0, 200);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(200, 400);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run(int from, int to)
        {
            for (var window = from; window < to; window++)
            {
                for (var key = 0; key < 50; key++)
                {
                    values[1] = BitConverter.DoubleToInt64Bits((key * 7) % 50);
                    output.Add(Rows.Pane(window * 3, (window * 10) + 10, window * 10, key), values);
                }

                if (latenessTicks > 0 && window > from)
                    output.Add(Rows.Pane((window * 3) + 1, window * 10, (window * 10) - 10, window % 50), values);
                _watermarks.MoveTo((window * 3) + 2, (window * 10) + 10);
                output.Advance((window * 3) + 2);
            }
        }
    }

    private TopOutput NewOutput(ResultOutput output, long latenessTicks, TopRanking? ranking = null) => new(
        output,
        () => new TopWindow(ranking ?? BySum, Rows.CountAndSum, new ById(), null, latenessTicks > 0),
        _ => new FailureLog(),
        latenessTicks,
        _watermarks,
        firstSequence: 0);

    private (int KeyId, int Rank)[] Ranks() => [.. _recorder.Taken.Select(row => (row.Header.KeyId, row.Header.Rank))];

    private sealed class ById : IKeyOrder
    {
        public long OrdinalOf(int keyId) => keyId;
    }

    private sealed class NoRows : ResultOutput
    {
        public override void Add(in ResultHeader header, ReadOnlySpan<long> values)
        {
        }

        public override void Flush()
        {
        }
    }
}

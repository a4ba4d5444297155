using DisruptorStream.Emission;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission;

public sealed class ResultBatchTests
{
    [Fact]
    public void Enumerator_AnyBatch_GivesTheResultsInOrder()
    {
        var batch = Rows.Batch(Rows.Pane(1), Rows.Pane(2), Rows.Pane(2, end: 20));
        var sequences = new List<long>();
        foreach (var result in batch)
            sequences.Add(result.Sequence);

        Assert.Equal([1, 2, 2], sequences);
        Assert.Equal([1, 2, 2], batch.Select(result => result.Sequence));
        Assert.Equal((1, 2), (batch.FirstSequence, batch.LastSequence));
    }

    [Fact]
    public void Indexer_OutsideTheBatch_Throws()
    {
        var batch = Rows.Batch(Rows.Pane(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[-1]);
    }

    [Fact]
    public void Recycle_FilledBatch_ForgetsRowsFailuresAndRetractions()
    {
        var batch = new ResultBatch<string>(Rows.CountAndSum, 1);
        batch.Add(Rows.Pane(1, timing: PaneTiming.Retract), "a", Rows.Values(1, 1), new InvalidOperationException());
        Assert.True(batch.IsFull);
        Assert.Equal(1, batch.RetractionCount);
        batch.Recycle();
        Assert.Empty(batch);
        Assert.Equal((0, -1L), (batch.RetractionCount, batch.FirstSequence));
        batch.Add(Rows.Pane(2), "b", Rows.Values(1, 1), failure: null);
        Assert.Null(batch[0].Failure);
    }

    [Fact]
    public void Add_ValuesWiderThanTheSchema_TakesTheColumnsOnly()
    {
        var batch = new ResultBatch<string>(Rows.CountAndSum, 2);
        batch.Add(Rows.Pane(1), "a", [1, 2, 99], failure: null);
        batch.Add(Rows.Pane(2), "b", [3, 4, 99], failure: null);
        Assert.Equal([1, 2], batch[0].RawValues);
        Assert.Equal([3, 4], batch[1].RawValues);
    }

    [Fact]
    public void Add_GroupOfPanes_TakesWhatThereIsRoomFor()
    {
        var panes = new PaneGroup(2) { Count = 3 };
        panes.Headers[0] = Rows.Pane(2, end: 20);
        for (var pane = 0; pane < 3; pane++)
        {
            panes.KeyIds[pane] = 10 + pane;
            panes.FailureIndexes[pane] = pane == 2 ? 7 : -1;
            Rows.Values(pane, pane / 2.0).CopyTo(panes.Values[(2 * pane)..]);
        }

        var batch = new ResultBatch<string>(Rows.CountAndSum, 3);
        batch.Add(Rows.Pane(1), "first", Rows.Values(9, 9), failure: null);
        var taken = batch.Add(panes, 1, new Rows.Keys(), new Rows.Failures());

        Assert.Equal(2, taken);
        Assert.True(batch.IsFull);
        Assert.Equal(["first", "key11", "key12"], batch.Select(result => result.Key));
        Assert.Equal([9.0, 0.5, 1], batch.Select(result => BitConverter.Int64BitsToDouble(result.RawValues[1])));
        Assert.Equal([10L, 20, 20], batch.Select(result => result.Window.EndTicks));
        Assert.Equal([false, false, true], batch.Select(result => result.IsFailed));
        Assert.Equal("failure 7 of key 12", batch[2].Failure?.Message);
    }

    [Fact]
    public void Add_PanesWithHeadersOfTheirOwn_KeepsThem()
    {
        var panes = new PaneGroup(2, sharesHeader: false) { Count = 3 };
        for (var pane = 0; pane < 3; pane++)
        {
            panes.Headers[pane] = Rows.Pane(5 + pane, end: 30 + pane);
            panes.KeyIds[pane] = 10 + pane;
            panes.FailureIndexes[pane] = -1;
            Rows.Values(pane, pane / 2.0).CopyTo(panes.Values[(2 * pane)..]);
        }

        var batch = new ResultBatch<string>(Rows.CountAndSum, 3);
        batch.Add(Rows.Pane(1), "first", Rows.Values(9, 9), failure: null);
        var taken = batch.Add(panes, 1, new Rows.Keys(), new Rows.Failures());

        Assert.Equal(2, taken);
        Assert.Equal(["first", "key11", "key12"], batch.Select(result => result.Key));
        Assert.Equal([10L, 31, 32], batch.Select(result => result.Window.EndTicks));
        Assert.Equal(7, batch.LastSequence);
    }
}

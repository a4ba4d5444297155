using System.Text;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Tests.Emission.Texts;

/// <summary>Rows that were made before their write are those that the write would make.</summary>
public sealed class WriteTextTests
{
    [Fact]
    public void RowsOf_SomeMadeReady_AreTheRowsOfEachWrite()
    {
        var text = NewText();
        for (var write = 0; write < 8; write++)
        {
            var (present, next) = (ResultsFrom(write), ResultsFrom(write + 100));
            if (write % 3 != 2)
                text.MakeReady(present);
            text.MakeReady(next);

            Assert.Equal(RowsAlone(present), Text(text.RowsOf(present)));
            Assert.Equal(RowsAlone(present[1..]), Text(text.RowsOf(present.AsMemory(1))));
            Assert.Equal(RowsAlone(next), Text(text.RowsOf(next)));
            Assert.Equal(RowsAlone(present), Text(text.RowsOf(present)));
        }
    }

    [Fact]
    public void RowsOf_MadeReady_AreNotMadeAgain()
    {
        var text = NewText();
        var results = ResultsFrom(1);
        text.MakeReady(results);

        Assert.NotSame(text.Own.Rows, text.RowsOf(results));
        Assert.Same(text.Own.Rows, text.RowsOf(results.ToArray()));
    }

    [Fact]
    public async Task BeginNext_WhatWasAnnounced_IsMadeOnce()
    {
        var text = NewText();
        Assert.Null(text.BeginNext());
        var results = ResultsFrom(1);
        for (var tries = 0; ReferenceEquals(text.RowsOf(results), text.Own.Rows); tries++)
        {
            // The pool may have no thread for it in time.
            Assert.InRange(tries, 0, 10_000);
            text.Announce(results);
            var making = text.BeginNext();
            await Task.Delay(1, TestContext.Current.CancellationToken);
            await making!.EndAsync();
        }

        Assert.Null(text.BeginNext());
        Assert.Equal(RowsAlone(results), Text(text.RowsOf(results)));
    }

    [Fact]
    public async Task EndAsync_WhoeverIsFirst_NothingIsMadeAfterwards()
    {
        for (var round = 0; round < 1_000; round++)
        {
            var isMade = false;
            var making = MakingRows.Begin(() => isMade = true);
            if (round % 2 == 0)
                Thread.Yield();
            await making.EndAsync();
            var then = isMade;
            making.Execute();

            Assert.Equal(then, isMade);
        }
    }

    [Fact]
    public void MakeReady_RowsThatCannotBeMade_AreRefusedByTheWrite()
    {
        var text = NewText(WindowTimes.Moments);
        var batch = Rows.Batch(Rows.Pane(1, end: long.MaxValue, start: long.MaxValue - 5)).ToOwned(0, 1);
        WindowResult<string>[] results = [batch[0]];
        text.MakeReady(results);

        Assert.Throws<InvalidOperationException>(() => text.RowsOf(results));

        // Those that were made in its place before are gone: both places are tried.
        var (before, other) = (ResultsFrom(5), ResultsFrom(6));
        text.MakeReady(before);
        text.MakeReady(other);
        text.MakeReady(results);
        text.MakeReady(results);
        Assert.Equal(RowsAlone(before, WindowTimes.Moments), Text(text.RowsOf(before)));
        Assert.Equal(RowsAlone(other, WindowTimes.Moments), Text(text.RowsOf(other)));
        Assert.Contains("calls,0,key0,1970-01-01T", Text(text.RowsOf(ResultsFrom(3))));
    }

    private static WindowResult<string>[] ResultsFrom(int sequence) => [.. Rows.Owned(3, sequence)];

    private static WriteText<string> NewText(WindowTimes times = WindowTimes.Ticks) =>
        new(() => new ResultText<string>(FileSinkFormat.Csv, Rows.CountAndSum, "calls", times));

    private static string RowsAlone(WindowResult<string>[] results, WindowTimes times = WindowTimes.Ticks) =>
        Text(NewText(times).RowsOf(results));

    private static string Text(TextRows rows) => Encoding.UTF8.GetString(rows.Bytes);
}

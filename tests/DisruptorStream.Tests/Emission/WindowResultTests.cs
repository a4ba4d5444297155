using DisruptorStream.Emission;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Tests.Emission;

public sealed class WindowResultTests
{
    [Fact]
    public void Accessors_AnyRow_GiveWhatWasWritten()
    {
        var row = Rows.Pane(
            4,
            end: 10_000_000,
            start: -20_000_000,
            key: 3,
            pane: 2,
            PaneTiming.Late,
            ResultFlags.Last | ResultFlags.Evicted);
        var result = Rows.Batch(row)[0];
        Assert.Equal("key3", result.Key);
        Assert.Equal(new TimeWindow(-20_000_000, 10_000_000), result.Window);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(-2), result.WindowStart);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), result.WindowEnd);
        Assert.Equal((PaneTiming.Late, 2, 4L), (result.Timing, result.PaneIndex, result.Sequence));
        Assert.Equal((true, true, false), (result.IsLast, result.IsEvicted, result.IsFailed));
        Assert.Null(result.Failure);
        Assert.Equal(2, result.ValueCount);
        Assert.Equal(["count", "sum"], result.Names);
        Assert.Equal(Rows.Values(4, 2), result.RawValues);
    }

    [Theory]
    [InlineData(0, SilenceChange.None, "")]
    [InlineData(64, SilenceChange.Started, " silence started")]
    [InlineData(128, SilenceChange.Ended, " silence ended")]
    public void Silence_AnyFlags_IsWhatTheySay(int flags, SilenceChange expected, string text)
    {
        var row = Rows.Pane(4, 10, 0, key: 3, pane: 0, PaneTiming.OnTime, (ResultFlags)flags);

        var result = Rows.Batch(row)[0];

        Assert.Equal(expected, result.Silence);
        Assert.Contains($"OnTime #0{text} count=", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_ByIndexAndName_AreConvertedAsTheColumnSays()
    {
        var result = Rows.Batch(Rows.Pane(5))[0];
        Assert.Equal(5.0, result["count"]);
        Assert.Equal(2.5, result["sum"]);
        Assert.Equal((5.0, 2.5), (result[0], result.GetDouble(1)));
        Assert.Equal((5L, 5L), (result.GetInt64(0), result.GetInt64("count")));
    }

    [Fact]
    public void GetInt64_DoubleColumn_SaysWhatToUse()
    {
        var result = Rows.Batch(Rows.Pane(5))[0];
        var error = Assert.Throws<InvalidOperationException>(() => result.GetInt64("sum"));
        Assert.Contains("'sum'", error.Message, StringComparison.Ordinal);
        Assert.Contains("GetDouble", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indexer_UnknownColumn_Throws()
    {
        var result = Rows.Batch(Rows.Pane(5))[0];
        Assert.Throws<ArgumentOutOfRangeException>(() => result[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => result[-1]);
        Assert.Throws<ArgumentException>(() => result["average"]);
    }

    [Fact]
    public void WindowStart_OutsideTheCalendar_SaysToReadTicks()
    {
        var result = Rows.Batch(Rows.Pane(1, end: long.MaxValue, start: long.MinValue + 1))[0];
        Assert.Contains(
            "ticks",
            Assert.Throws<InvalidOperationException>(() => result.WindowStart).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => result.WindowEnd);
        Assert.Equal(long.MaxValue, result.Window.EndTicks);
    }

    [Fact]
    public void WindowStartAndEnd_EdgesOfTheCalendar_AreExact()
    {
        var first = DateTimeOffset.MinValue.Ticks - DateTimeOffset.UnixEpoch.Ticks;
        var last = DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks;
        var inside = Rows.Batch(Rows.Pane(1, end: last, start: first))[0];
        Assert.Equal(DateTimeOffset.MinValue, inside.WindowStart);
        Assert.Equal(DateTimeOffset.MaxValue, inside.WindowEnd);
        var outside = Rows.Batch(Rows.Pane(1, end: last + 1, start: first - 1))[0];
        Assert.Throws<InvalidOperationException>(() => outside.WindowStart);
        Assert.Throws<InvalidOperationException>(() => outside.WindowEnd);
    }

    [Fact]
    public void Accessors_BatchRecycled_AdviseToOwned()
    {
        var batch = Rows.Batch(Rows.Pane(1));
        var stale = batch[0];
        batch.Recycle();
        batch.Add(Rows.Pane(2), "other", Rows.Values(0, 0), failure: null);
        var error = Assert.Throws<InvalidOperationException>(() => stale.Key);
        Assert.Contains("ToOwned()", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => stale.Window);
        Assert.Throws<InvalidOperationException>(() => stale[0]);
        Assert.Throws<InvalidOperationException>(() => stale.ToOwned());
        Assert.Contains("no longer valid", stale.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Accessors_DefaultValue_Throw() =>
        Assert.Throws<InvalidOperationException>(() => default(WindowResult<string>).Sequence);

    [Fact]
    public void ToOwned_BatchRecycled_KeepsItsContents()
    {
        var batch = new ResultBatch<string>(Rows.CountAndSum, 2);
        batch.Add(Rows.Pane(1), "a", Rows.Values(1, 1), failure: null);
        batch.Add(Rows.Pane(2, failure: 0), "b", Rows.Values(2, 2.5), new InvalidOperationException("why"));
        var owned = batch[1].ToOwned();
        batch.Recycle();
        batch.Add(Rows.Pane(9), "z", Rows.Values(9, 9), failure: null);
        Assert.Equal(("b", 2L, 2L), (owned.Key, owned.Sequence, owned.RawValues[0]));
        Assert.True(owned.IsFailed);
        Assert.Equal("why", owned.Failure?.Message);
        Assert.Equal("b", owned.ToOwned().Key);
    }

    [Fact]
    public void Values_FailedWindow_AreNaNOrThrowAndTheTextSaysWhy()
    {
        var batch = new ResultBatch<string>(Rows.CountAndSum, 1);
        batch.Add(Rows.Pane(2, failure: 0), "b", Rows.Values(0, 0), new InvalidOperationException("it is too much."));
        var result = batch[0];

        Assert.Equal([double.NaN, double.NaN, double.NaN], [result[0], result["sum"], result.GetDouble("count")]);
        var error = Assert.Throws<InvalidOperationException>(() => result.GetInt64("count"));
        Assert.Contains("'count'", error.Message, StringComparison.Ordinal);
        Assert.Contains("it is too much.", error.Message, StringComparison.Ordinal);
        Assert.Same(result.Failure, error.InnerException);
        Assert.EndsWith(" #0 failed: it is too much.", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_AnyRow_ShowsKeyWindowTimingAndValues()
    {
        var text = Rows.Batch(Rows.Pane(3, flags: ResultFlags.Last))[0].ToString();
        Assert.Equal(
            "key0 [1970-01-01T00:00:00.0000000Z, 1970-01-01T00:00:00.0000010Z) OnTime #0 last count=3 sum=1.5", text);
    }
}

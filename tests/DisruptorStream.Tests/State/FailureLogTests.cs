using DisruptorStream.Saving;
using DisruptorStream.State;

namespace DisruptorStream.Tests.State;

public sealed class FailureLogTests
{
    [Fact]
    public void Load_EqualTexts_ShareOneEntryAndKeepTypeAndText()
    {
        var log = new FailureLog();
        int[] indexes =
        [
            log.Add(new ArithmeticException("a")),
            log.Add(new ArithmeticException("a")),
            log.Add(new TimeoutException("a")),
        ];
        var loaded = new FailureLog();
        var again = Load(loaded, Save(log, [.. indexes, -1]), 4);
        Assert.Equal(again[0], again[1]);
        Assert.NotEqual(again[0], again[2]);
        Assert.Equal(-1, again[3]);
        var failure = Assert.IsType<SavedFailureException>(loaded[again[2]]);
        Assert.Equal(("System.TimeoutException", "a"), (failure.OriginalType, failure.Message));
        Assert.Equal(0, loaded.Count);
        Assert.False(loaded.IsEmpty);
        Assert.Equal(Save(log, [.. indexes, -1]), Save(loaded, again));
    }

    [Fact]
    public void SetCount_FullLog_KeepsNoMore()
    {
        var log = new FailureLog();
        for (var index = 0; index < FailureLog.Capacity + 5; index++)
            log.Add(new ArithmeticException($"{index % 3}"));
        var loaded = new FailureLog();
        var again = Load(loaded, Save(log, 2, FailureLog.Capacity), 2);
        loaded.SetCount(log.Count);
        Assert.Equal(log.Count, loaded.Count);
        Assert.Equal(FailureLog.Capacity, again[1]);
        Assert.Equal(log[FailureLog.Capacity].Message, loaded[again[1]].Message);
        Assert.Equal(FailureLog.Capacity, loaded.Add(new ArithmeticException("new")));
        Assert.Equal("2", loaded[again[0]].Message);
    }

    [Fact]
    public void Add_AfterLoading_TakesTheNextPlaceAsBefore()
    {
        var log = new FailureLog();
        for (var index = 0; index < 5; index++)
            log.Add(new ArithmeticException("x"));
        var loaded = new FailureLog();
        var again = Load(loaded, Save(log, 4), 1);
        loaded.SetCount(log.Count);
        Assert.Equal(log.Add(new ArithmeticException("y")), loaded.Add(new ArithmeticException("y")));
        Assert.Equal("x", loaded[again[0]].Message);
    }

    private static byte[] Save(FailureLog log, params int[] indexes)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, default);
        writer.Begin(SectionTag.Slices, 1);
        foreach (var index in indexes)
            log.Save(writer, index);
        writer.End();
        return stream.ToArray();
    }

    private static int[] Load(FailureLog log, byte[] state, int count)
    {
        using var reader = new StateReader(new MemoryStream(state));
        reader.Begin(SectionTag.Slices, 1);
        var indexes = new int[count];
        for (var index = 0; index < count; index++)
            indexes[index] = log.Load(reader);
        reader.End();
        return indexes;
    }
}

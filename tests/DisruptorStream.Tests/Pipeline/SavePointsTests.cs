using DisruptorStream.Emission.Merging;
using DisruptorStream.Pipeline;

namespace DisruptorStream.Tests.Pipeline;

public sealed class SavePointsTests
{
    private readonly KeptState _state = new();
    private readonly ResultRing _results = new(16, 1);
    private readonly EmissionStage _emission;
    private readonly SavePoints _saves;

    public SavePointsTests()
    {
        _emission = new EmissionStage([_results], new NoOutput());
        _saves = new SavePoints(_state, new Deliveries(_emission));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Do_SlotThatWasAskedFor_WritesOnceAndTellsWhoAsked()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        var done = _saves.Add(4, first);
        var later = _saves.Add(9, second);

        _saves.Do(4);
        _saves.Do(4);
        _saves.Do(5);

        await done.WaitAsync(Processors.Patience, Token);
        Assert.Equal([(first, 4)], _state.Saved);
        Assert.False(later.IsCompleted);
    }

    [Fact]
    public async Task Do_StreamThrows_TellsWhoAskedAndNobodyElse()
    {
        _state.OnSave = () => throw new TimeoutException("disk");
        var done = _saves.Add(4, Stream.Null);

        _saves.Do(4);

        await Assert.ThrowsAsync<TimeoutException>(() => done.WaitAsync(Processors.Patience, Token));
        _state.OnSave = null;
        var next = _saves.Add(5, Stream.Null);
        _saves.Do(5);
        await next.WaitAsync(Processors.Patience, Token);
    }

    [Fact]
    public async Task End_SomeWait_GetsTheFirstEndAndSoDoThoseWhoComeLater()
    {
        var waiting = _saves.Add(4, Stream.Null);

        _saves.End(new TimeoutException("first"));
        _saves.End(new TimeoutException("second"));

        Assert.Equal("first", (await Assert.ThrowsAsync<TimeoutException>(() => waiting)).Message);
        var late = _saves.Add(5, Stream.Null);
        Assert.Equal("first", (await Assert.ThrowsAsync<TimeoutException>(() => late)).Message);
        _saves.Do(4);
        Assert.Empty(_state.Saved);
    }

    [Fact]
    public async Task WaitForDelivery_RowsUpToTheSlotAreDelivered_IsTrue()
    {
        _ = _saves.Add(4, Stream.Null);
        var wait = Task.Run(() => _saves.WaitForDelivery(4), Token);
        _results.CompleteThrough(3);
        _emission.Emit();
        Assert.False(wait.IsCompleted);

        _results.CompleteThrough(4);
        _emission.Emit();

        Assert.True(await wait.WaitAsync(Processors.Patience, Token));
    }

    [Fact]
    public void WaitForDelivery_NobodyAsked_IsFalse() => Assert.False(_saves.WaitForDelivery(4));

    [Fact]
    public async Task WaitForDelivery_ProcessorEnds_IsFalse()
    {
        _ = _saves.Add(4, Stream.Null);
        var wait = Task.Run(() => _saves.WaitForDelivery(4), Token);

        _emission.End(new ProcessorStoppedException());

        Assert.False(await wait.WaitAsync(Processors.Patience, Token));
    }
}

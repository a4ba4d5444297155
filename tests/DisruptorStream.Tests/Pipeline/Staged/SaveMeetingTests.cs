using DisruptorStream.Emission;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Pipeline.Staged;

/// <summary>Shards stand still while the state is written; an end of the pipeline ends every wait.</summary>
public sealed class SaveMeetingTests
{
    private const int Shards = 3;

    private readonly KeptState _state = new();
    private readonly RingFault _fault = new();
    private readonly ResultRing _results = new(16, 1);
    private readonly EmissionStage _emission;
    private readonly SavePoints _saves;
    private readonly SaveMeeting _meeting;

    public SaveMeetingTests()
    {
        _emission = new EmissionStage([_results], new NoOutput());
        _saves = new SavePoints(_state, _emission);
        _meeting = new SaveMeeting(_saves, _fault, Shards);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hold_TwoSavesInTurn_WritesEachWhileAllShardsAreThere()
    {
        foreach (var sequence in new[] { 4L, 9L })
        {
            var done = _saves.Add(sequence, Stream.Null);
            Deliver(sequence);
            var shards = Attend(Shards, sequence);
            _state.OnSave = () => Assert.DoesNotContain(shards, shard => shard.IsCompleted);

            await Bounded(Task.Run(() => _meeting.Hold(sequence), Token));

            await Bounded(done);
            await Bounded(Task.WhenAll(shards));
        }

        Assert.Equal([4, 9], _state.Saved.Select(saved => saved.Sequence));
    }

    [Fact]
    public async Task Hold_AShardIsMissing_WaitsForIt()
    {
        _ = _saves.Add(4, Stream.Null);
        Deliver(4);
        var shards = Attend(Shards - 1, 4);
        var hold = Task.Run(() => _meeting.Hold(4), Token);
        Assert.Empty(_state.Saved);
        Assert.False(hold.IsCompleted);

        var last = Attend(1, 4);

        await Bounded(Task.WhenAll([hold, .. shards, .. last]));
        Assert.Single(_state.Saved);
    }

    [Fact]
    public async Task Hold_StreamThrows_LetsTheShardsGoOn()
    {
        var done = _saves.Add(4, Stream.Null);
        Deliver(4);
        _state.OnSave = () => throw new TimeoutException("disk");
        var shards = Attend(Shards, 4);

        await Bounded(Task.Run(() => _meeting.Hold(4), Token));

        await Bounded(Task.WhenAll(shards));
        await Assert.ThrowsAsync<TimeoutException>(() => done);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hold_PipelineEndsBeforeAllShardsCome_EndsWithoutSaving(bool fails)
    {
        _ = _saves.Add(4, Stream.Null);
        Deliver(4);
        var shards = Attend(Shards - 1, 4);
        var hold = Task.Run(() => _meeting.Hold(4), Token);

        End(fails);

        await Bounded(Task.WhenAll([hold, .. shards]));
        Assert.Empty(_state.Saved);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attend_PipelineEndsAndNobodyHolds_Ends(bool fails)
    {
        var shards = Attend(Shards, 4);

        End(fails);

        await Bounded(Task.WhenAll(shards));
        await Bounded(Task.WhenAll(Attend(1, 9)));
    }

    [Fact]
    public async Task Hold_ProcessorEndsBeforeTheRowsAreDelivered_EndsWithoutSaving()
    {
        _ = _saves.Add(4, Stream.Null);
        var shards = Attend(Shards, 4);
        var hold = Task.Run(() => _meeting.Hold(4), Token);

        _emission.End(new ProcessorStoppedException());

        await Bounded(Task.WhenAll([hold, .. shards]));
        Assert.Empty(_state.Saved);
    }

    private static Task Bounded(Task task) => task.WaitAsync(Processors.Patience, Token);

    private void Deliver(long sequence)
    {
        _results.CompleteThrough(sequence);
        _emission.Emit();
    }

    private void End(bool fails)
    {
        if (fails)
            _fault.TrySet(new TimeoutException("stage"), "shard 0", 4);
        else
            _fault.TryStop();
    }

    /// <summary>Threads of their own: those of the pool may be few.</summary>
    private Task[] Attend(int count, long sequence) => [.. Enumerable.Range(0, count).Select(_ => Task.Factory.StartNew(
        () => _meeting.Attend(sequence), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
}

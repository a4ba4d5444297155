using DisruptorStream.Emission.Merging;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Pipeline.Staged;

/// <summary>Shards do not move while the state is written; an end of the pipeline ends every wait.</summary>
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
        _saves = new SavePoints(_state, new Deliveries(_emission));
        _meeting = new SaveMeeting(_saves, _fault, Shards);
    }

    [Fact]
    public async Task Hold_TwoSavesInTurn_WritesEachWhileAllShardsAreThere()
    {
        foreach (var sequence in new[] { 4L, 9L })
        {
            var done = _saves.Add(sequence, Stream.Null);
            Deliver(sequence);
            var shards = Attend(Shards, sequence);
            _state.OnSave = () => Assert.All(shards, shard => Assert.True(shard.IsAlive));

            Join(Hold(sequence));

            await done.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);
            Join(shards);
        }

        Assert.Equal([4, 9], _state.Saved.Select(saved => saved.Sequence));
    }

    [Fact]
    public void Hold_AShardIsMissing_WaitsForIt()
    {
        _ = _saves.Add(4, Stream.Null);
        Deliver(4);
        var shards = AttendAndWait(Shards - 1, 4);
        var hold = Hold(4);
        AwaitWaiting(hold);
        Assert.Empty(_state.Saved);

        Join([hold, .. shards, .. Attend(1, 4)]);

        Assert.Single(_state.Saved);
    }

    [Fact]
    public async Task Hold_StreamThrows_LetsTheShardsGoOn()
    {
        var done = _saves.Add(4, Stream.Null);
        Deliver(4);
        _state.OnSave = () => throw new TimeoutException("disk");

        Join([.. Attend(Shards, 4), Hold(4)]);

        await Assert.ThrowsAsync<TimeoutException>(() => done);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hold_PipelineEndsBeforeAllShardsCome_EndsWithoutSaving(bool fails)
    {
        _ = _saves.Add(4, Stream.Null);
        Deliver(4);
        var shards = AttendAndWait(Shards - 1, 4);
        var hold = Hold(4);
        AwaitWaiting(hold);

        End(fails);

        Join([hold, .. shards]);
        Assert.Empty(_state.Saved);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attend_PipelineEndsAndNobodyHolds_Ends(bool fails)
    {
        var shards = AttendAndWait(Shards, 4);

        End(fails);

        Join(shards);
        Join(Attend(1, 9));
    }

    [Fact]
    public void Hold_ProcessorEndsBeforeTheRowsAreDelivered_EndsWithoutSaving()
    {
        _ = _saves.Add(4, Stream.Null);
        var shards = AttendAndWait(Shards, 4);
        var hold = Hold(4);
        AwaitWaiting(hold);

        _emission.End(new ProcessorStoppedException());

        Join([hold, .. shards]);
        Assert.Empty(_state.Saved);
    }

    private static void Join(params Thread[] threads) =>
        Assert.All(threads, thread => Assert.True(thread.Join(Processors.Patience)));

    /// <summary>Returns when the thread waits, or has ended although it was to wait.</summary>
    private static void AwaitWaiting(Thread thread) => Assert.True(SpinWait.SpinUntil(
        () => !thread.IsAlive || (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, Processors.Patience));

    private static Thread Start(Action act)
    {
        var thread = new Thread(() => act()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private Thread Hold(long sequence) => Start(() => _meeting.Hold(sequence));

    private Thread[] Attend(int count, long sequence) =>
        [.. Enumerable.Range(0, count).Select(_ => Start(() => _meeting.Attend(sequence)))];

    private Thread[] AttendAndWait(int count, long sequence)
    {
        var shards = Attend(count, sequence);
        Assert.All(shards, AwaitWaiting);
        return shards;
    }

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
}

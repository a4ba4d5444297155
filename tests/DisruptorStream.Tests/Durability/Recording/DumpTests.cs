using DisruptorStream.Building.Replays;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Topology.Durable.Recording;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>What has a recording dumped, and what becomes of it where something fails.</summary>
public sealed class DumpTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Dumps => PathOf("dumps");

    public static TheoryData<ExecutionMode> Modes() => new(Enum.GetValues<ExecutionMode>());

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>What has failed is in the dump, and fails again at the same slot.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Fault_OfASink_IsDumpedAndFailsAgain(ExecutionMode mode)
    {
        PipelineException failed;
        await using (var processor = Recordings.Step(mode).To(new Unlucky(number: 700))
            .RecordTo(Dumps, new FlightRecorderOptions { Slots = 500 }).Build())
        {
            processor.Start();
            PublishUntilItFails(processor, 3_000);
            failed = await Assert.ThrowsAsync<PipelineException>(() => processor.Completion);
            var stats = processor.FlightRecorder!.GetStats();
            Assert.Equal((1L, DumpCause.Fault), (stats.Dumps, stats.LastDump!.Cause));

            // What fails between two batches is told by the slot that comes next.
            Assert.True(stats.LastDump.LastSequence >= failed.Sequence - 1);
        }

        var dump = Assert.Single(Directory.GetDirectories(Dumps));
        Assert.EndsWith("-fault", dump, StringComparison.Ordinal);
        var again = Assert.ThrowsAny<StreamProcessorException>(
            () => Replay.Run(dump, Recordings.Step(ExecutionMode.Inline).To(new Unlucky(number: 700))));
        Assert.Equal(failed.GetBaseException().Message, again.GetBaseException().Message);
        var failedAgain = Assert.IsType<PipelineException>(again);
        var report = Replay.Run(
            dump, Recordings.Step(ExecutionMode.Inline), new ReplayOptions { Until = failedAgain.Sequence });
        Assert.Equal(failedAgain.Sequence, report.LastSequence);
    }

    /// <summary>What no thread had recorded when the processor failed is in the dump too.</summary>
    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Fault_BeforeItsSlotIsRecorded_IsInTheDump(ExecutionMode mode)
    {
        using var failed = new ManualResetEventSlim();
        var disk = new FailingFiles();
        var options = new FlightRecorderOptions { Directory = PathOf("live") };
        await using (var processor = Recordings.Step(mode).To(new Unlucky(number: 20))
            .RecordTo(new RecorderSettings(Dumps, options) { Disk = disk, IsByHand = true }).Build())
        {
            processor.Parts.RuntimeParts.Fault.Register(failed.Set);

            // Who writes slots is held until the processor has failed.
            disk.Fails = (call, path) => call == "write" && path.Contains("live", StringComparison.Ordinal)
                && !failed.Wait(Processors.Patience);
            processor.Start();
            PublishUntilItFails(processor, 400);
            await Assert.ThrowsAsync<PipelineException>(() => processor.Completion);
            Assert.Null(processor.FlightRecorder!.GetStats().Failure);
        }

        var again = Assert.ThrowsAny<StreamProcessorException>(() => Replay.Run(
            Assert.Single(Directory.GetDirectories(Dumps)),
            Recordings.Step(ExecutionMode.Inline).To(new Unlucky(number: 20))));
        Assert.StartsWith("number 20 ", again.GetBaseException().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_ManyDrops_DumpsOnceInAnInterval()
    {
        var clock = new VirtualClock(DateTimeOffset.UnixEpoch.AddDays(1));
        var options = new FlightRecorderOptions { OnDrops = 10, DumpsKept = 2, DumpInterval = TimeSpan.FromSeconds(5) };
        await using var processor = Recordings.Step(ExecutionMode.Inline)
            .WithTimeProvider(clock).WithName("calls/a").RecordTo(ByHand(options)).Build();
        processor.Publish("a", 1_000_000, 1);
        await ComeLateAsync(9);
        Assert.Equal(0, processor.FlightRecorder!.GetStats().Dumps);
        for (var second = 0; second < 17; second++)
            await ComeLateAsync(10);

        var stats = processor.GetStats().FlightRecorder!;
        Assert.Equal((4L, 13L, 0L), (stats.Dumps, stats.DumpsSkipped, stats.DumpsFailed));
        Assert.Equal(DumpCause.Drops, stats.LastDump!.Cause);
        var kept = Directory.GetDirectories(Dumps);
        Assert.Equal(2, kept.Length);
        Assert.Contains(stats.LastDump.Directory, kept);
        Assert.StartsWith(Path.Combine(Dumps, "calls_a-19700102T0000"), kept[0], StringComparison.Ordinal);
        Assert.Equal(stats.LastDump.LastSequence, Replay.Run(
            stats.LastDump.Directory, Recordings.Step(ExecutionMode.Inline)).LastSequence);

        async Task ComeLateAsync(int count)
        {
            for (var index = 0; index < count; index++)
                processor.Publish("a", 1, 1);
            clock.Advance(TimeSpan.FromSeconds(1));
            processor.Parts.Recorder!.Step();
            await Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(3_600_000, 0)]
    public async Task Step_SlowResults_Dumps(int milliseconds, int dumps)
    {
        var options = new FlightRecorderOptions { OnLatency = TimeSpan.FromMilliseconds(milliseconds) };
        await using var processor = Recordings.Step(ExecutionMode.Inline)
            .To(new CollectingSink<string>()).WithTimeProvider(new RacingClock())
            .RecordTo(ByHand(options)).Build();
        for (var at = 0; at < 2_000; at++)
            processor.Publish("a", at, 1);
        processor.Parts.Recorder!.Step();

        var stats = processor.FlightRecorder!.GetStats();
        Assert.Equal(dumps, stats.Dumps);
        Assert.Equal(dumps == 0 ? null : DumpCause.Latency, stats.LastDump?.Cause);
        Assert.Throws<ArgumentException>(() => Recordings.Step(ExecutionMode.Inline)
            .ChangeOptions(set => set with { MeasureLatency = false })
            .RecordTo(Dumps, options)
            .Build());
    }

    /// <summary>A disk that is full keeps nothing from going on, and is told.</summary>
    [Fact]
    public async Task Dump_DiskFull_IsToldAndLeavesNothing()
    {
        var disk = new FailingFiles { Fails = static (call, _) => call == "write" };
        var settings = ByHand(new FlightRecorderOptions()) with { Disk = disk };
        await using var processor =
            Recordings.Step(ExecutionMode.Inline).To(new Unlucky(700)).RecordTo(settings).Build();
        Recordings.Publish(processor, 0, 100);

        var failed = Assert.Throws<IOException>(() => processor.FlightRecorder!.Dump(PathOf("mine")));
        Assert.Contains("does not write", failed.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(PathOf("mine")));
        Assert.Equal(0, disk.OpenFiles);
        Assert.ThrowsAny<StreamProcessorException>(() => Recordings.Publish(processor, 100, 3_000));
        await Assert.ThrowsAsync<PipelineException>(() => processor.Completion);

        // Nor a directory, which would count as a dump that is kept.
        Assert.Empty(Directory.GetDirectories(Dumps));
        var stats = processor.FlightRecorder!.GetStats();
        Assert.Equal((0L, 2L), (stats.Dumps, stats.DumpsFailed));
        Assert.Contains("(Fault)", stats.Failure, StringComparison.Ordinal);

        // The recording is there still.
        disk.Fails = null;
        Assert.Throws<PipelineException>(() => Replay.Run(
            processor.FlightRecorder.Dump().Directory, Recordings.Step(ExecutionMode.Inline).To(new Unlucky(700))));
        Assert.Null(processor.FlightRecorder.GetStats().Failure);
    }

    /// <summary>What fails in the recorder ends the recording alone.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Publish_FilesThatFail_GoesOnWithoutARecording(ExecutionMode mode)
    {
        var disk = new FailingFiles();
        var options = new FlightRecorderOptions { Directory = PathOf("live") };
        var (whole, expected) = (new CollectingSink<string>(), new CollectingSink<string>());
        await using (var model = Recordings.Step(mode).To(expected).Build())
        {
            model.Start();
            Recordings.Publish(model, 0, 4_000);
            await model.StopAsync(StopMode.Complete, Token);
        }

        await using var processor = Recordings.Step(mode).To(whole)
            .RecordTo(new RecorderSettings(Dumps, options) { Disk = disk }).Build();
        processor.Start();
        Recordings.Publish(processor, 0, 2_000);
        disk.Fails = static (_, path) => path.Contains("live", StringComparison.Ordinal);
        Recordings.Publish(processor, 2_000, 4_000);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(Recordings.LinesOf(expected).Count, Recordings.LinesOf(whole).Count);
        var failure = processor.FlightRecorder!.GetStats().Failure;
        Assert.Contains("the recording has failed", failure, StringComparison.Ordinal);
    }

    /// <summary>A recording in files outlives the process, and the start of the next one.</summary>
    [Fact]
    public async Task Build_InTheSameFiles_KeepsWhatWasThere()
    {
        var options = new FlightRecorderOptions { Directory = PathOf("live"), Slots = 1_000 };
        var (first, second) = (new CollectingSink<string>(), new CollectingSink<string>());
        var processor = Recordings.Step(ExecutionMode.Fused).To(first).RecordTo(Dumps, options).Build();
        processor.Start();
        Recordings.Publish(processor, 0, 3_000);
        await processor.FlushAsync(Token);
        var refused = Assert.Throws<DurabilityException>(
            () => Recordings.Step(ExecutionMode.Fused).RecordTo(Dumps, options).Build());
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        await processor.DisposeAsync();
        Assert.Throws<InvalidOperationException>(() => processor.FlightRecorder!.Dump());

        await using var next = Recordings.Step(ExecutionMode.Fused).To(second).RecordTo(Dumps, options).Build();
        var again = new CollectingSink<string>();
        var report = Replay.Run(PathOf("live/previous"), Recordings.Step(ExecutionMode.Inline).To(again));
        Assert.Equal(
            Recordings.LinesOf(first)[(int)(Assert.Single(report.Queries).FirstNumber - 1)..],
            Recordings.LinesOf(again));
        next.Start();
        Recordings.Publish(next, 0, 500);
        await next.FlushAsync(Token);
        Recordings.AssertReplays(next.FlightRecorder!.Dump(), second, Recordings.Step(ExecutionMode.Inline));
    }

    private static void PublishUntilItFails(StreamProcessor<string> processor, int events)
    {
        try
        {
            Recordings.Publish(processor, 0, events);
        }
        catch (StreamProcessorException)
        {
            // The processor has ended under the publisher.
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private RecorderSettings ByHand(FlightRecorderOptions options) => new(Dumps, options) { IsByHand = true };

    /// <summary>A tenth of a second goes by from one look at it to the next.</summary>
    private sealed class RacingClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, TimeSpan.TicksPerSecond / 10);
    }
}

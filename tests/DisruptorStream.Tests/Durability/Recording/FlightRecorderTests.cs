using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Topology.Durable.Recording;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>The last slots are held, and a dump of them gives the same results again.</summary>
public sealed class FlightRecorderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Dumps => PathOf("dumps");

    public static TheoryData<ExecutionMode> Modes() => new(Enum.GetValues<ExecutionMode>());

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Random lengths, bounds and moments: each dump is the run behind its base.</summary>
    [Fact]
    public async Task Dump_AtAnyMoment_GivesTheSameResultsBitForBit()
    {
        var based = 0;
        await Gen.Select(
                Gen.Enum<ExecutionMode>(), Gen.Long[1, 3_000], Gen.Int[1, 4_000].Array[1, 5], Gen.Bool)
            .SampleAsync(
                async (mode, slots, parts, inFiles) =>
                {
                    var place = PathOf(Guid.NewGuid().ToString("n"));
                    var live = inFiles ? Path.Combine(place, "live") : null;
                    var options = new FlightRecorderOptions { Slots = slots, Directory = live };
                    var whole = new CollectingSink<string>();
                    var dumps = await DumpAsync(
                        Recordings.Step(mode).To(whole), new RecorderSettings(place, options), parts);
                    foreach (var dump in dumps)
                    {
                        Assert.True(dump.Slots >= Math.Min(slots, dump.LastSequence + 1), $"{dump} is below {slots}.");
                        Recordings.AssertReplays(dump, whole, Recordings.Step(ExecutionMode.Inline));
                        based += dump.BaseSequence > 0 ? 1 : 0;
                    }
                },
                iter: 40,
                threads: 1);
        Assert.True(based > 0, "All dumps begin with the first slot.");
    }

    /// <summary>No more is held than is asked for: slots, files and memory.</summary>
    [Fact]
    public async Task Step_ManyEvents_HoldsABoundedRing()
    {
        var whole = new CollectingSink<string>();
        await using var processor = Recordings.Step(ExecutionMode.Inline).To(whole)
            .RecordTo(ByHand(new FlightRecorderOptions { Slots = 5_000 })).Build();
        var most = 0L;
        for (var at = 0; at < 400_000; at += 1_000)
        {
            Recordings.Publish(processor, at, at + 1_000);
            Settle(processor);
            most = Math.Max(most, processor.FlightRecorder!.GetStats().MemoryBytes);
        }

        var stats = processor.FlightRecorder!.GetStats();
        Assert.Null(stats.Failure);
        Assert.InRange(stats.LastSequence - stats.BaseSequence, 5_000, 10_000);
        Assert.InRange(stats.Snapshots, 2, 4);
        Assert.InRange(stats.JournalBytes, 1, 16 << 14);
        Assert.InRange(most, 1, 3 << 20);
        Recordings.AssertReplays(processor.FlightRecorder.Dump(), whole, Recordings.Step(ExecutionMode.Fused));
    }

    /// <summary>At the limit of bytes the ring is shorter, and nobody is held up for good.</summary>
    [Fact]
    public async Task Publish_AtTheLimitOfBytes_HoldsFewerSlots()
    {
        var whole = new CollectingSink<string>();
        var options = new FlightRecorderOptions { Slots = 1_000_000_000, MaxBytes = 1 << 20 };
        await using var processor =
            Recordings.Step(ExecutionMode.Fused).To(whole).RecordTo(Dumps, options).Build();
        processor.Start();
        Recordings.Publish(processor, 0, 400_000);
        await processor.FlushAsync(Token);

        var dump = processor.FlightRecorder!.Dump();
        Assert.True(dump.BaseSequence > 0);
        Recordings.AssertReplays(dump, whole, Recordings.Step(ExecutionMode.Inline));
    }

    /// <summary>From inside a sink, on the engine's own thread.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Dump_FromASink_HasWhatFiredItsResults(ExecutionMode mode)
    {
        var (whole, asking) = (new CollectingSink<string>(), new Asking(number: 300));
        await using (var processor = Recordings.Step(mode).To(whole).To(asking).RecordTo(Dumps).Build())
        {
            asking.Recorder = processor.FlightRecorder;
            processor.Start();
            Recordings.Publish(processor, 0, 2_000);
            await processor.StopAsync(StopMode.Drain, Token);
        }

        var report = Recordings.AssertReplays(asking.Dump!, whole, Recordings.Step(ExecutionMode.Inline));
        Assert.True(Assert.Single(report.Queries).LastNumber >= 300);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Dump_InEachState_Returns(ExecutionMode mode)
    {
        var whole = new CollectingSink<string>();
        var processor = Recordings.Step(mode).To(whole).RecordTo(Dumps).Build();
        var recorder = processor.FlightRecorder!;
        Assert.Equal(Dumps, recorder.DumpDirectory);
        recorder.Dump();
        processor.Start();
        Recordings.Publish(processor, 0, 500);
        recorder.Dump();
        await processor.StopAsync(StopMode.Drain, Token);
        var stopped = recorder.Dump();
        await processor.DisposeAsync();
        var disposed = recorder.Dump();

        Assert.Equal(stopped.LastSequence, disposed.LastSequence);
        Assert.Equal(4, recorder.GetStats().Dumps);
        Recordings.AssertReplays(disposed, whole, Recordings.Step(ExecutionMode.Inline));
        var full = Assert.Throws<IOException>(() => recorder.Dump(disposed.Directory));
        Assert.Contains("holds files", full.Message, StringComparison.Ordinal);
        Assert.Contains("holds files", recorder.GetStats().DumpFailure, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => recorder.Dump(" "));
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Dump_WhileManyPublish_IsABeginning(ExecutionMode mode)
    {
        var whole = new CollectingSink<string>();
        var dumps = new List<FlightDump>();
        await using (var processor = Recordings.Step(mode).To(whole)
            .RecordTo(Dumps, new FlightRecorderOptions { Slots = 2_000, DumpsKept = 100 }).Build())
        {
            processor.Start();
            var publishing = Enumerable.Range(0, 3).Select(part => Task.Run(
                () => Recordings.Publish(processor, part * 30_000, (part + 1) * 30_000), Token));
            var all = Task.WhenAll(publishing);
            do
                dumps.Add(processor.FlightRecorder!.Dump());
            while (!all.IsCompleted && dumps.Count < 20);
            await all;
            await processor.StopAsync(StopMode.Complete, Token);
        }

        Assert.All(dumps, dump => Recordings.AssertReplays(dump, whole, Recordings.Step(ExecutionMode.Inline)));
    }

    [Fact]
    public async Task StopAsync_Suspend_IsRefusedAsWithoutARecorder()
    {
        await using var processor = Recordings.Step(ExecutionMode.Inline).RecordTo(Dumps).Build();

        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.StopAsync(StopMode.Suspend, Token));
        Assert.Null(processor.Durability);
    }

    /// <summary>Of keys that are known, an event costs no memory but that of the files now and then.</summary>
    [Fact]
    public async Task Publish_KnownKeys_AllocatesNextToNothing()
    {
        const int Events = 200_000;
        await using var processor = Processors.Tumbling(1_000_000_000).Counting(ExecutionMode.Inline)
            .RecordTo(ByHand(new FlightRecorderOptions())).Build();
        using var publisher = processor.CreatePublisher("one");
        for (var at = 0; at < Events; at++)
            publisher.Publish("a", at, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < Events; at++)
            publisher.Publish("a", Events + at, 1);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Events;

        // The recording itself grows by some bytes of each event, until old files are used again.
        Assert.InRange(bytes, 0, 40);
    }

    private static async Task<List<FlightDump>> DumpAsync(
        BuildStep<string> step, RecorderSettings settings, int[] parts)
    {
        var dumps = new List<FlightDump>();
        await using var processor = step.RecordTo(settings with { IsByHand = true }).Build();
        processor.Start();
        var at = 0;
        foreach (var part in parts)
        {
            Recordings.Publish(processor, at, at += part);
            dumps.Add(processor.FlightRecorder!.Dump());
            Assert.True(dumps[^1].LastSequence >= at, $"{dumps[^1]} lacks some of {at} events.");
            Settle(processor);
        }

        await processor.StopAsync(StopMode.Complete, Token);
        return dumps;
    }

    /// <summary>Copies states until none is due; where threads have to come to it, as far as they do.</summary>
    private static void Settle(StreamProcessor<string> processor)
    {
        for (var step = 0; step < 200; step++)
        {
            processor.Parts.Recorder!.Step();
            Thread.Yield();
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private RecorderSettings ByHand(FlightRecorderOptions options) => new(Dumps, options) { IsByHand = true };

    private sealed class Asking : IResultSink<string>
    {
        private readonly long _number;

        public Asking(long number) => _number = number;

        public DisruptorStream.Reporting.Durability.FlightRecorder? Recorder { get; set; }

        public FlightDump? Dump { get; private set; }

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                if (result.Number == _number)
                    Dump = Recorder!.Dump();
            }
        }
    }
}

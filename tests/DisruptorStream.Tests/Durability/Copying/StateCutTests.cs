using System.Globalization;
using DisruptorStream.Windows;
using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Files;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory.Copying;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.State;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Tests.Durability.Copying;

/// <summary>
/// A state that is copied while the processor goes on is, byte for byte, what is saved while it rests at the same slot.
/// </summary>
public sealed class StateCutTests : IDisposable
{
    private const int Events = 6_000;
    private const int Cuts = 8;

    private static readonly Dictionary<string, Func<BuildStep<string>>> Kinds = new()
    {
        ["tumbling"] = () => WindowsOf(100, 100).Aggregate(a => a.Count("count").Sum("sum")),
        ["moments alone"] = () => WindowsOf(400, 400).Aggregate(a => a.Average("average").StandardDeviation("d")),
        ["sliding, late"] = () => WindowsOf(400, 40).AllowedLateness(Span(200)).Late(2)
            .Aggregate(a => a.Count("count").Sum("sum").Last("last")),
        ["sketches"] = () => WindowsOf(400, 100).AllowedLateness(Span(50))
            .Aggregate(a => a.Percentile("p50", 50).Distinct("distinct").Top("top", 3)),
        ["gaps"] = () => WindowsOf(60, 60).AllowedLateness(Span(200)).FillGaps(4, GapValues.Previous)
            .Aggregate(a => a.Count("count").Last("last")),
        ["early panes"] = () => WindowsOf(300, 100).Early(3).AllowedLateness(Span(100))
            .Accumulation(AccumulationMode.Retracting).Aggregate(a => a.Count("count").Percentile("p", 90)),
        ["discarding"] = () => WindowsOf(200, 100).Early(5).Accumulation(AccumulationMode.Discarding)
            .Aggregate(a => a.Count("count").Max("max")),
        ["levels"] = () => StreamProcessorBuilder.ForKeys<string>().TumblingWindows(Span(50), Span(200))
            .Aggregate(a => a.Count("count").Sum("sum")),
        ["sessions"] = () => StreamProcessorBuilder.ForKeys<string>().SessionWindows(Span(30))
            .AllowedLateness(Span(60)).Accumulation(AccumulationMode.Retracting).Aggregate(a => a.Count("count")),
        ["ranked"] = () => WindowsOf(200, 100).AllowedLateness(Span(100)).Aggregate(a => a.Count("count"))
            .Top(3, "count"),
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("cut-").FullName;

    public static TheoryData<string, ExecutionMode, int> Cases() => new(
        from kind in Kinds.Keys
        from mode in new[] { (ExecutionMode.Inline, 1), (ExecutionMode.Fused, 1), (ExecutionMode.Staged, 4) }
        select (kind, mode.Item1, mode.Item2));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Write_TheProcessorGoesOn_IsTheStateAtTheSlot(string kind, ExecutionMode mode, int shards)
    {
        await using var processor = Build(kind, mode, shards);
        processor.Start();
        var publisher = processor.CreatePublisher("one");
        var random = new Random(kind.Length * 31);
        var cutAt = 0L;
        for (var cut = 0; cut < Cuts; cut++)
        {
            var first = cut * Events / Cuts;
            for (var at = first; at < first + (Events / Cuts); at++)
                Publish(publisher, random, at);

            using var state = NewCut(processor);
            using var expected = new MemoryStream();
            cutAt = await CutAsync(processor, state, expected);
            using var actual = new MemoryStream();

            // What numbers stand for is not copied: here nobody publishes at the slot, so it is as it was there.
            var ledger = LedgerAt(expected, processor.Parts.Plan);
            for (var at = first + (Events / Cuts); at < first + (2 * Events / Cuts) && !state.Collect(); at++)
            {
                Publish(publisher, new Random(at), at);
                state.Wake();
            }

            await Processors.UntilAsync(() =>
            {
                state.Wake();
                processor.Advance();
                return state.Collect();
            });
            using (var writer = new StateWriter(actual, new StateReader(Rewound(expected)).Header))
            {
                ledger.Save(writer);
                state.Write(writer);
                writer.Complete();
            }

            Assert.Equal(expected.ToArray(), actual.ToArray());
        }

        Assert.True(cutAt > Events / 2);
        await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private StreamProcessor<string> Build(string kind, ExecutionMode mode, int shards) =>
        Kinds[kind]()
            .To(new Nowhere())
            .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = Span(20) })
            .WithOptions(Processors.Options(mode) with { ShardCount = shards })
            .DurableIn(
                DurableSettings.Of(
                    _directory, new DurabilityOptions { Snapshots = SnapshotMethod.Copy, SegmentBytes = 1 << 22 }) with
                {
                    IsByHand = mode == ExecutionMode.Inline,
                })
            .Build();

    /// <summary>Cuts the state at a slot, and saves it there as well.</summary>
    private static async Task<long> CutAsync(StreamProcessor<string> processor, StateCut state, MemoryStream expected)
    {
        var cutAt = -1L;
        Task<bool> met;
        do
        {
            processor.Parts.Runtime.TryMeet(
                sequence =>
                {
                    cutAt = sequence;
                    processor.Parts.Saver.Save(expected, sequence);
                    processor.Parts.Saver.Cut(state);
                },
                out met);
        }
        while (!await met);
        return cutAt;
    }

    private static Ledger LedgerAt(MemoryStream state, ProcessorPlan plan)
    {
        using var reader = new StateReader(Rewound(state));
        return Ledger.Load(plan, [new KeyColumnMaker<string>(plan.Inputs[0].Keys[0].MaxKeys, null)], reader);
    }

    private static MemoryStream Rewound(MemoryStream stream) => new(stream.ToArray(), writable: false);

    private static TimeSpan Span(long ticks) => TimeSpan.FromTicks(ticks);

    private static WindowedStep<string> WindowsOf(long size, long slide) =>
        StreamProcessorBuilder.ForKeys<string>().SlidingWindows(Span(size), Span(slide));

    /// <summary>Keys of a new time come on, some of an old one too, and some events are late.</summary>
    private static void Publish(KeyedPublisher<string> publisher, Random random, int at)
    {
        var key = random.Next(10) == 0 ? random.Next(400) : random.Next(120) + (at / 20);
        var time = at - (random.Next(8) == 0 ? random.Next(150) : 0);
        publisher.Publish(key.ToString(CultureInfo.InvariantCulture), time, random.Next(50));
    }

    private StateCut NewCut(StreamProcessor<string> processor) => new(
        [.. processor.Parts.Queries.Select(query => query.Copies)],
        new CopyFile(FileSystems.Default, Path.Combine(_directory, "test.copy")));

    private sealed class Nowhere : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
        }
    }
}

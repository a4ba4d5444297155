using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Events;
using DisruptorStream.Pipeline;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Pipeline;

public sealed unsafe class AggregationStageTests : IDisposable
{
    private readonly Rows _rows = new();
    private readonly Noted _store = new();
    private readonly ResultRing _results = new(16, 3);
    private readonly List<AggregationStage> _stages = [];

    [Fact]
    public void OnRun_EventsOfAllShards_GathersItsOwnWithTheirSequencesAndMeasures()
    {
        var stage = NewStage(shards: 2, shard: 1);

        Run(stage, new EventRun { FirstSequence = 100 }, 1, 2, 3, 5);
        Run(stage, new EventRun { FirstSequence = 104 }, 2, 4);

        Assert.Equal(["events 100/1/10 102/3/30 103/5/50"], _store.Log);
        Assert.Equal(105, stage.Processed);
    }

    [Fact]
    public void OnRun_MoreEventsThanBefore_GathersThemAll()
    {
        var stage = NewStage(shards: 2, shard: 0);
        Run(stage, new EventRun(), 2);
        _store.Log.Clear();

        Run(stage, new EventRun { FirstSequence = 1 }, [.. Enumerable.Range(0, 3000).Select(index => index % 4)]);

        Assert.Equal(1500, Assert.Single(_store.Log).Count(letter => letter == '/') / 2);
    }

    [Fact]
    public void OnRun_StoreFollowsTheWatermark_SeesTheEventsOfAll()
    {
        _store.Follows = true;
        var stage = NewStage(shards: 2, shard: 1);

        Run(stage, new EventRun { FirstSequence = 100 }, 1, 2);

        Assert.Equal(["events 100/1/10 101/2/20"], _store.Log);
    }

    [Theory]
    [InlineData(0, "6 key 2 Late")]
    [InlineData(1, "5 key 1 Late", "7 key -1 Late")]
    public void OnRun_DroppedEvents_AreRoutedByTheShardOfTheirKey(int shard, params string[] expected)
    {
        var stage = NewStage(shards: 2, shard);

        Run(stage, new EventRun { FirstSequence = 5, Kind = RunKind.Dropped, Reason = DropReason.Late }, 1, 2, -1);
        stage.FinishFiring();

        Assert.Equal(expected, _rows.All);
    }

    [Fact]
    public void OnRun_DroppedEventsThatNobodyWants_AreNotRouted()
    {
        var stage = NewStage(change: context => context with { RouteDropped = false });

        Run(stage, new EventRun { Kind = RunKind.Dropped, Reason = DropReason.Late }, 1);
        stage.FinishFiring();

        Assert.Empty(_rows.All);
        Assert.Equal(0, stage.Processed);
    }

    [Fact]
    public void OnRun_WatermarkAndClock_AreTheStores()
    {
        var stage = NewStage();

        Run(stage, new EventRun { FirstSequence = 3, Kind = RunKind.Watermark, WatermarkTicks = 50 }, 0);
        Run(stage, new EventRun { FirstSequence = 4, Kind = RunKind.Clock, SteadyTicks = 7, EndMaxTicks = 70 }, 0);
        Run(stage, new EventRun { FirstSequence = 5, Kind = RunKind.Pass }, 0);

        Assert.Equal(["watermark 3 50", "clock 4 7 70"], _store.Log);
        Assert.Equal(5, stage.Processed);
    }

    /// <summary>What a run fired itself may have to wait for the watermark at the same sequence.</summary>
    [Fact]
    public void OnRun_AnotherRunEndsAtItsSequence_HoldsWhatIsStagedUntilThen()
    {
        var stage = NewStage();
        var late = new EventRun { FirstSequence = 8, Kind = RunKind.Dropped, Reason = DropReason.Late };
        Run(stage, late with { HasMore = true }, 1);
        stage.Work(100);
        Assert.Empty(_rows.All);
        Assert.Equal(7, stage.Processed);

        Run(stage, new EventRun { FirstSequence = 8, Kind = RunKind.Watermark }, 0);
        Assert.Empty(_rows.All);
        stage.Work(100);

        Assert.Equal(["8 key 1 Late"], _rows.All);
        Assert.Equal(8, stage.Processed);
    }

    [Theory]
    [InlineData("Stop")]
    [InlineData("Save")]
    public void OnRun_StopAndSave_EmitAllThatIsDue(string kind)
    {
        var stage = NewStage();
        _store.Due = 5000;

        Run(stage, new EventRun { FirstSequence = 8, Kind = Enum.Parse<RunKind>(kind) }, 0);

        Assert.False(stage.HasBacklog);
        Assert.Equal(8, stage.Processed);
    }

    [Fact]
    public void Work_ABudget_FiresThatMuchAndKeepsTheRest()
    {
        var stage = NewStage();
        _store.Due = 10;

        stage.Work(4);

        Assert.Equal(6, _store.Due);
        Assert.True(stage.HasBacklog);
    }

    [Fact]
    public void OnRun_ManyRowsAreStagedWhileItFires_GoesOnFiringBetweenRuns()
    {
        var stage = NewStage();
        _store.Due = 3;
        for (var index = 0; index <= 4096; index++)
            Run(stage, new EventRun { FirstSequence = index, Kind = RunKind.Dropped, Reason = DropReason.Late }, 1);
        Assert.Equal(3, _store.Due);

        Run(stage, new EventRun { FirstSequence = 4097, Kind = RunKind.Pass }, 0);
        Run(stage, new EventRun { FirstSequence = 4098, Kind = RunKind.Pass }, 0);

        Assert.Equal(0, _store.Due);
        Assert.Equal(4097, _rows.All.Count);
    }

    [Fact]
    public void ReportProgress_FiringOrStagedRows_EndsBeforeTheFirstOfThem()
    {
        var stage = NewStage();
        Run(stage, new EventRun { FirstSequence = 20, Kind = RunKind.Pass }, 0);
        stage.ReportProgress();
        Assert.Equal(20, _results.Progress);

        (_store.Due, _store.FiringAt) = (1, 25);
        Run(stage, new EventRun { FirstSequence = 30, Kind = RunKind.Dropped, Reason = DropReason.Late }, 1);
        stage.ReportProgress();
        Assert.Equal(24, _results.Progress);

        (_store.Due, _store.FiringAt) = (0, 0);
        stage.ReportProgress();
        Assert.Equal(29, _results.Progress);
        stage.Work(1);
        stage.ReportProgress();
        Assert.Equal(30, _results.Progress);
    }

    public void Dispose()
    {
        foreach (var stage in _stages)
            stage.Dispose();
        _store.Dispose();
    }

    private static void Run(AggregationStage stage, EventRun run, params int[] keys)
    {
        run.Count = keys.Length;
        var slots = Array.ConvertAll(keys, key => new EventSlot { KeyId = key });
        var further = keys.SelectMany(key => new[] { 0L, 10L * key }).ToArray();
        fixed (EventSlot* first = slots)
        fixed (long* measures = further)
            stage.OnRun(run, new EventView(first, measures, 2, run.FirstSequence, keys.Length));
    }

    private AggregationStage NewStage(
        int shards = 1, int shard = 0, Func<StoreContext, StoreContext>? change = null)
    {
        var builder = new AggregateBuilder([new MeasureDefinition("x", 0, MeasureType.Double)]);
        builder.Count("n");
        var plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent);
        var context = new StoreContext
        {
            Plan = plan,
            Output = _rows,
            AllowedLatenessTicks = 0,
            Accumulation = AccumulationMode.Accumulating,
            MeasureCount = 3,
            RouteDropped = true,
            MaxWindowsPerKey = 1,
            WindowOverflow = default,
            MaxOutOfOrdernessTicks = 0,
            ProcessingTime = false,
            ShardMask = shards - 1,
            Shard = shard,
            Counters = new ShardCounters(),
            Activity = new KeyActivity(),
        };
        context = change is null ? context : change(context);
        var stage = new AggregationStage(
            new ShardState(context, _store),
            new ShardProgress(context.Counters, _results, processed: -1));
        _stages.Add(stage);
        return stage;
    }

    private sealed class Rows : PaneOutput
    {
        public Rows()
            : base(3)
        {
        }

        public List<string> All { get; } = [];

        protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values) => All.Add(
            $"{header.Sequence} key {header.KeyId} "
            + (header.Flags == ResultFlags.KeyReleased ? "released" : $"{header.Reason}"));
    }

    /// <summary>Notes its calls; it is due as often as the test says.</summary>
    private sealed class Noted : WindowStateStore
    {
        public List<string> Log { get; } = [];

        public bool Follows { get; set; }

        public int Due { get; set; }

        public long FiringAt { get; set; }

        public override bool FollowsWatermark => Follows;

        public override bool IsFiring => Due > 0;

        public override long FiringSequence => FiringAt;

        public override long BytesReserved => 0;

        public override int BytesPerRecord => 0;

        public override void OnEvents(in EventView events, in EventRun run)
        {
            var parts = new List<string>();
            for (var index = 0; index < events.Count; index++)
            {
                var further = events.FurtherMeasures[(index * events.FurtherMeasureCount) + 1];
                parts.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{events.SequenceOf(index)}/{events.Slots[index].KeyId}/{further}"));
            }

            Log.Add($"events {string.Join(' ', parts)}");
        }

        public override void OnWatermark(long sequence, long watermark) => Log.Add($"watermark {sequence} {watermark}");

        public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged) =>
            Log.Add($"clock {sequence} {clockTicks} {timeOfDayTicks}");

        public override void ThrowIfInconsistent()
        {
        }

        public override int Fire(int budget)
        {
            var fired = Math.Min(budget, Due);
            Due -= fired;
            return budget - fired;
        }

        public override bool HoldsKey(int keyId) => false;

        public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
        {
        }

        public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
        {
        }

        public override void Dispose()
        {
        }
    }
}

using CsCheck;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Watermarks;

public sealed class WatermarkTrackerTests
{
    private static readonly Gen<long> AnyTime = Gen.Frequency(
        (12, Gen.Long[-30, 30]),
        (1, Gen.Long[0, 8].Select(distance => long.MinValue + distance)),
        (1, Gen.Long[0, 3].Select(distance => long.MaxValue - distance)));

    private static readonly Gen<(int Kind, int Source, long[] Times)> AnyStep = Gen.Select(
        Gen.Frequency(
            (1, Gen.Const(0)), (1, Gen.Const(1)), (1, Gen.Const(2)), (2, Gen.Const(3)),
            (1, Gen.Const(4)), (4, Gen.Const(5)), (3, Gen.Const(6)), (10, Gen.Const(7))),
        Gen.Int[0, 5],
        AnyTime.Array[1, 5]);

    private static readonly Gen<(long OutOfOrderness, long IdleTimeout, long QuietAfter)> AnyLimits = Gen.Select(
        Gen.OneOf(Gen.Long[-1, 6], Gen.Const(long.MaxValue)),
        Gen.OneOf(Gen.Const(-1L), Gen.Long[1, 5]),
        Gen.OneOf(Gen.Const(-1L), Gen.Long[1, 9]));

    /// <summary>
    /// Whatever the sources do, the tracker agrees with the rules, and a run of events that is opened and closed once
    /// gives, event by event, the watermarks of a tracker that is told of each.
    /// </summary>
    [Fact]
    public void Tracker_AnySteps_AgreesWithTheRules() =>
        Gen.Select(AnyLimits, AnyStep.Array[1, 40]).Sample(
            (limits, steps) =>
            {
                var run = new ModelRun(limits.OutOfOrderness, limits.IdleTimeout, limits.QuietAfter);
                foreach (var (kind, source, times) in steps)
                    run.Step(kind, source, times);
            },
            iter: 20_000);

    [Fact]
    public void Watermark_NothingSent_IsNone()
    {
        var tracker = new WatermarkTracker(0, -1);
        Assert.False(tracker.AnySource);
        Assert.False(tracker.AllCompleted);

        tracker.Register(0, 0);

        Assert.True(tracker.AnySource);
        Assert.Equal(long.MinValue, tracker.WatermarkTicks);
    }

    [Fact]
    public void OnEvents_BelowTheOutOfOrderness_StaysWithoutWatermark()
    {
        var tracker = new WatermarkTracker(10, -1);

        tracker.OnEvents(0, long.MinValue + 9, 0);
        Assert.Equal(long.MinValue, tracker.WatermarkTicks);

        tracker.OnEvents(0, long.MinValue + 11, 0);
        Assert.Equal(long.MinValue + 1, tracker.WatermarkTicks);
    }

    [Fact]
    public void OnEvents_ExplicitOnly_MovesNothing()
    {
        var tracker = new WatermarkTracker(-1, -1);

        Assert.Equal(long.MinValue, tracker.Begin(0, 0).CapTicks);
        tracker.OnEvents(0, 100, 0);

        Assert.Equal(long.MinValue, tracker.WatermarkTicks);
        Assert.Equal(100, tracker.Begin(0, 0).SourceMaxTicks);
    }

    [Fact]
    public void OnWatermark_BelowTheSourcesOwn_IsIgnoredAndCounted()
    {
        var tracker = new WatermarkTracker(-1, -1);

        Assert.True(tracker.OnWatermark(0, 25, 0));
        Assert.False(tracker.OnWatermark(0, 18, 0));
        Assert.True(tracker.OnWatermark(0, 25, 0));

        Assert.Equal(25, tracker.WatermarkTicks);
        Assert.Equal(1, tracker.Regressions);
    }

    [Fact]
    public void OnWatermark_EndOfInputFromAnActiveSource_DoesNotEndTheInput()
    {
        var tracker = new WatermarkTracker(-1, -1);

        tracker.OnWatermark(0, long.MaxValue, 0);
        Assert.Equal(long.MaxValue - 1, tracker.WatermarkTicks);

        tracker.Complete(0);
        Assert.Equal(long.MaxValue, tracker.WatermarkTicks);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void OnClock_SinceRegistration_IsIdleAtTheTimeout(long clock, bool isIdle)
    {
        var tracker = new WatermarkTracker(0, 5);
        tracker.Register(0, 0);

        tracker.OnClock(clock);

        Assert.Equal(isIdle, tracker.IsIdle(0));
    }

    [Fact]
    public void MarkIdle_TheLastActiveSource_AdvancesToTheHighestReached()
    {
        var tracker = new WatermarkTracker(0, -1);
        tracker.OnEvents(0, 10, 0);
        tracker.OnEvents(1, 5, 0);
        tracker.OnEvents(2, 20, 0);
        tracker.Complete(2);
        tracker.MarkIdle(0);
        Assert.Equal(10, tracker.WatermarkTicks);

        tracker.MarkIdle(1);

        Assert.Equal(20, tracker.WatermarkTicks);
    }

    [Fact]
    public void MarkActive_BehindTheOthers_HoldsTheWatermarkUntilItCatchesUp()
    {
        var tracker = new WatermarkTracker(0, -1);
        tracker.OnEvents(0, 3, 0);
        tracker.OnEvents(1, 10, 0);
        tracker.MarkIdle(0);
        Assert.Equal(10, tracker.WatermarkTicks);

        tracker.MarkActive(0, 0);
        tracker.OnEvents(1, 30, 0);
        Assert.Equal(10, tracker.WatermarkTicks);

        tracker.OnEvents(0, 12, 0);
        Assert.Equal(12, tracker.WatermarkTicks);
        Assert.Equal(12, tracker.WatermarkOf(0));
    }

    [Fact]
    public void Complete_OneOfTwo_LeavesTheEndToTheOther()
    {
        var tracker = new WatermarkTracker(0, -1);
        tracker.OnEvents(0, 10, 0);
        tracker.OnEvents(1, 5, 0);

        tracker.Complete(1);
        Assert.Equal(10, tracker.WatermarkTicks);
        Assert.True(tracker.IsCompleted(1));
        Assert.False(tracker.AllCompleted);

        tracker.Remove(0);
        Assert.Equal(long.MaxValue, tracker.WatermarkTicks);
        Assert.True(tracker.AllCompleted);
    }

    [Fact]
    public void Remove_TheOnlySource_KeepsTheWatermark()
    {
        var tracker = new WatermarkTracker(0, -1);
        tracker.OnEvents(0, 10, 0);

        tracker.Remove(0);

        Assert.Equal(10, tracker.WatermarkTicks);
        Assert.False(tracker.AnySource);
    }

    [Fact]
    public void Register_ARemovedNumber_StartsAnew()
    {
        var tracker = new WatermarkTracker(0, -1);
        tracker.OnEvents(0, 10, 0);
        tracker.Remove(0);

        tracker.Register(0, 7);

        Assert.Equal(new SourceProgress(long.MinValue, long.MaxValue, 10), tracker.Begin(0, 7));
    }

    [Fact]
    public void Begin_CompletedSource_CanMoveNothing()
    {
        var tracker = new WatermarkTracker(0, -1);
        tracker.OnEvents(0, 10, 0);
        tracker.Complete(1);
        tracker.MarkIdle(2);
        tracker.Complete(0);

        Assert.Equal(long.MinValue, tracker.Begin(0, 0).CapTicks);
        tracker.OnEvents(0, 50, 0);

        Assert.Equal(10, tracker.WatermarkTicks);
        Assert.Equal(10, tracker.WatermarkOf(0));
        Assert.True(tracker.IsCompleted(0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(WatermarkTracker.MaxSources)]
    public void Register_NumberOutOfRange_Throws(int source) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WatermarkTracker(0, -1).Register(source, 0));

    [Fact]
    public void Register_TheLargestNumber_Works()
    {
        var tracker = new WatermarkTracker(0, -1);
        tracker.OnEvents(0, 5, 0);

        tracker.OnEvents(WatermarkTracker.MaxSources - 1, 3, 0);
        tracker.OnEvents(0, 9, 0);

        Assert.Equal(5, tracker.WatermarkTicks);
        Assert.Equal(3, tracker.Begin(0, 0).CapTicks);
    }

    [Theory]
    [InlineData(-2, -1)]
    [InlineData(0, 0)]
    [InlineData(0, -2)]
    [InlineData(0, -1, 0)]
    [InlineData(0, -1, -2)]
    public void Constructor_OutOfRange_Throws(long outOfOrderness, long idleTimeout, long quietAfter = -1) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new WatermarkTracker(outOfOrderness, idleTimeout, quietAfter));

    [Fact]
    public void Tracker_AlternatingSources_AllocatesNothing()
    {
        var tracker = new WatermarkTracker(3, 5);
        for (var source = 0; source < 100; source++)
            tracker.Register(source, 0);
        Alternate(tracker, 1);

        // A collection that another test causes may charge the rest of this thread's piece of the heap to it.
        var least = long.MaxValue;
        for (var tries = 0; least > 0 && tries < 3; tries++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Alternate(tracker, 1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static void Alternate(WatermarkTracker tracker, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var source = 0; source < 100; source++)
            {
                tracker.Begin(source, round);
                tracker.OnEvents(source, round * 100, round);
            }

            tracker.OnClock(round);
        }
    }

    private sealed class ModelRun
    {
        private readonly WatermarkTracker _byRun;
        private readonly WatermarkTracker _byEvent;
        private readonly WatermarkModel _model;
        private readonly long _outOfOrderness;
        private long _clock;

        public ModelRun(long outOfOrderness, long idleTimeout, long quietAfter)
        {
            _outOfOrderness = outOfOrderness;
            _byRun = new WatermarkTracker(outOfOrderness, idleTimeout, quietAfter);
            _byEvent = new WatermarkTracker(outOfOrderness, idleTimeout, quietAfter);
            _model = new WatermarkModel(outOfOrderness, idleTimeout, quietAfter);
        }

        public void Step(int kind, int source, long[] times)
        {
            var before = _model.Watermark;
            if (kind == 7)
                Send(source, times);
            else
                Control(kind, source, times[0]);

            Assert.True(_model.Watermark >= before);
            CheckAgainstModel(_byRun);
            CheckAgainstModel(_byEvent);
        }

        private void Control(int kind, int source, long time)
        {
            if (kind == 6)
                _clock += Math.Abs(time % 4);
            Control(_byRun, kind, source, time);
            Control(_byEvent, kind, source, time);
            switch (kind)
            {
                case 0: _model.Register(source, _clock); break;
                case 1: _model.Remove(source); break;
                case 2: _model.Complete(source); break;
                case 3: _model.MarkIdle(source); break;
                case 4: _model.MarkActive(source, _clock); break;
                case 5: _model.OnWatermark(source, time, _clock); break;
                default: _model.OnClock(_clock); break;
            }
        }

        private void Control(WatermarkTracker tracker, int kind, int source, long time)
        {
            switch (kind)
            {
                case 0: tracker.Register(source, _clock); break;
                case 1: tracker.Remove(source); break;
                case 2: tracker.Complete(source); break;
                case 3: tracker.MarkIdle(source); break;
                case 4: tracker.MarkActive(source, _clock); break;
                case 5: tracker.OnWatermark(source, time, _clock); break;
                default: tracker.OnClock(_clock); break;
            }

            tracker.OnQuiet(kind == 6 ? Math.Abs(time % 4) : 0);
        }

        private void Send(int source, long[] timestamps)
        {
            var progress = _byRun.Begin(source, _clock);
            Assert.Equal(_model.Watermark, progress.WatermarkTicks);
            var newest = progress.SourceMaxTicks;
            foreach (var timestamp in timestamps)
            {
                newest = Math.Max(newest, timestamp);
                _byEvent.OnEvents(source, timestamp, _clock);
                _model.OnEvent(source, timestamp, _clock);

                // The end of time itself is no timestamp of an event, so the formula need not know that it is reserved.
                var reached = (long)Int128.Max(long.MinValue, (Int128)newest - Math.Max(0, _outOfOrderness));
                var capped = Math.Min(progress.CapTicks, Math.Min(reached, long.MaxValue - 1));
                var predicted = Math.Max(progress.WatermarkTicks, capped);
                Assert.Equal(_model.Watermark, predicted);
            }

            _byRun.OnEvents(source, timestamps.Max(), _clock);
        }

        private void CheckAgainstModel(WatermarkTracker tracker)
        {
            var statuses = new List<SourceStatus>();
            tracker.CopyTo(statuses);

            Assert.Equal(
                _model.Statuses,
                statuses.ConvertAll(status => status with { NewestTicks = 0, ActivityTicks = 0 }));
            Assert.All(statuses, status => Assert.Equal(tracker.MaxTimestampOf(status.Source), status.NewestTicks));
            Assert.Equal(_model.Watermark, tracker.WatermarkTicks);
            Assert.Equal(_model.Regressions, tracker.Regressions);
            Assert.Equal(statuses.Count > 0, tracker.AnySource);
            Assert.Equal(
                statuses.Count > 0 && statuses.TrueForAll(status => status.State == SourceState.Completed),
                tracker.AllCompleted);
            foreach (var status in statuses)
            {
                Assert.Equal(status.WatermarkTicks, tracker.WatermarkOf(status.Source));
                Assert.Equal(status.State == SourceState.Idle, tracker.IsIdle(status.Source));
                Assert.Equal(status.State == SourceState.Completed, tracker.IsCompleted(status.Source));
            }
        }
    }
}

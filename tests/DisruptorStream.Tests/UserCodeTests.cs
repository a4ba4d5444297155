using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests;

/// <summary>User code in a window may throw: that window is marked or the event dropped; the rest goes on.</summary>
public sealed class UserCodeTests
{
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task AggregateThatThrows_FailsItsWindowAlone_WithKeyWindowAndException(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Custom<Fussy, double>("fussy").Count("count"))
            .WithOptions(Processors.Options(mode))
            .To(sink)
            .Build();
        processor.Start();

        processor.Publish("good", 1, 1);
        processor.Publish("bad", 2, -1);
        processor.Publish("bad", 3, 1);
        processor.Publish("bad", 12, 5);
        await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);

        Assert.Equal(["good [0, 10) 1", "bad [0, 10) failed: negative", "bad [10, 20) 5"], LinesOf(sink));
        Assert.Equal(1, processor.GetStats().UserFailures);
    }

    /// <summary>Windows that are emitted together, in claims of their own or not.</summary>
    [Theory]
    [InlineData(false, ExecutionMode.Inline)]
    [InlineData(true, ExecutionMode.Inline)]
    [InlineData(true, ExecutionMode.Fused)]
    public async Task AggregateThatThrows_AmongManyWindowsDueTogether_FailsItsOwnAlone(
        bool sessions, ExecutionMode mode)
    {
        const int Keys = 150;
        var sink = new CollectingSink<string>();
        var windows = sessions
            ? StreamProcessorBuilder.ForKeys<string>().SessionWindows(TimeSpan.FromTicks(10))
            : StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromTicks(10));
        await using var processor = windows
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Custom<Fussy, double>("fussy"))
            .WithOptions(Processors.Options(mode))
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("keys");
        var handles = Enumerable.Range(0, Keys).Select(key => processor.GetKey($"key{key:000}")).ToArray();

        var events = handles.Select((handle, key) => new KeyedEvent(handle, 0, key is 0 or 70 or Keys - 1 ? -1 : key));
        publisher.Publish(events.ToArray());
        await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);

        var expected = Enumerable.Range(0, Keys).Select(
            key => $"key{key:000} [0, 10) {(key is 0 or 70 or Keys - 1 ? "failed: negative" : $"{key}")}");
        Assert.Equal(expected, LinesOf(sink).Order(StringComparer.Ordinal));
        Assert.Equal(3, processor.GetStats().UserFailures);
    }

    [Fact]
    public async Task AssignerThatThrows_DropsTheEventWithTheReason()
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .CustomWindows(default(PositiveOnly))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        foreach (var time in new long[] { 5, -1, 6, 13, 0 })
            processor.Publish("a", time, 1);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [5, 10) OnTime 1", "a [6, 10) OnTime 1"], collector.Texts());
        Assert.Equal(
            [("a", DropReason.AssignerFailed), ("a", DropReason.AssignerFailed), ("a", DropReason.Late)],
            dropped.Reasons());
        Assert.Equal(2, processor.GetStats().UserFailures);
    }

    [Fact]
    public async Task TriggerThatThrows_IsCountedAndDoesNotFire_WhileTheWindowGoesOn()
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10)
            .Early<ThrowingTrigger, int>(default)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();

        processor.Publish("a", 1, 1);
        processor.Publish("a", 2, -1);
        processor.Publish("a", 3, 1);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [0, 10) Early 1", "a [0, 10) Early 3", "a [0, 10) OnTime 3"], collector.Texts());
        Assert.Equal(1, processor.GetStats().UserFailures);
    }

    [Fact]
    public async Task IntegerSumThatDoesNotFit_FailsItsWindow()
    {
        var sink = new CollectingSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .Measure("value", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Sum("sum"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(sink)
            .Build();
        using var publisher = processor.CreatePublisher("exact");

        publisher.PublishBits("a", 1, [long.MaxValue]);
        publisher.PublishBits("a", 2, [1]);
        publisher.PublishBits("b", 3, [long.MaxValue]);
        await processor.StopAsync(StopMode.Complete);

        var lines = LinesOf(sink);
        Assert.StartsWith("a [0, 10) failed: The sum of the measure 'value'", lines[0], StringComparison.Ordinal);
        Assert.Equal("b [0, 10) 9.223372036854776E+18", lines[1]);
    }

    private readonly struct Fussy : IAggregate<double>
    {
        public static double Initial => 0;

        public static void Accumulate(ref double state, in Measurement measurement)
        {
            if (measurement.Value < 0)
                throw new InvalidOperationException("negative");
            state += measurement.Value;
        }

        public static void Merge(ref double state, in double later) => state += later;

        public static double Result(in double state) => state;
    }

    private readonly struct PositiveOnly : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 1;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(timestampTicks);
            windows[0] = new TimeWindow(timestampTicks, 10);
            return 1;
        }
    }

    private static List<string> LinesOf(CollectingSink<string> sink) => [.. sink.Results.Select(result =>
    {
        var (start, end) = (result.Window.StartTicks, result.Window.EndTicks);
        var shown = result.IsFailed ? $"failed: {result.Failure!.Message}" : $"{result.GetDouble(0)}";
        return $"{result.Key} [{start}, {end}) {shown}";
    })];

    private readonly struct ThrowingTrigger : ITrigger<int>
    {
        public bool OnEvent(ref int state, in TriggerContext context) =>
            context.Value < 0 ? throw new InvalidOperationException() : true;

        public long DeadlineTicks(in int state) => long.MaxValue;

        public bool OnClock(ref int state, long clockTicks) => false;

        public void OnPane(ref int state) => state = 0;

        public void Merge(ref int state, in int other) => state = Math.Max(state, other);
    }
}

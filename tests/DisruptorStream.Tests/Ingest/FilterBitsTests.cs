using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Ingest;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>Keyed events with bits of filters, which the host gives.</summary>
public sealed class FilterBitsTests
{
    private const ulong Error = 0b01;
    private const ulong Paid = 0b10;

    private static readonly Gen<(int Key, long Time, double Value, ulong Filters)[]> Events = Gen.Select(
        Gen.Int[0, 3], Gen.Long[0, 60], Gen.Int[0, 9].Select(value => (double)value), Gen.Int[0, 3].Select(
            bits => (ulong)bits)).Array[0, 80];

    [Theory]
    [InlineData(ExecutionMode.Inline, 1, false)]
    [InlineData(ExecutionMode.Fused, 1, false)]
    [InlineData(ExecutionMode.Staged, 2, false)]
    [InlineData(ExecutionMode.Inline, 1, true)]
    [InlineData(ExecutionMode.Staged, 2, true)]
    public Task Where_OfMetrics_TakesTheEventsOfTheFilter(ExecutionMode mode, int shards, bool sessions) =>
        Events.SampleAsync(
            async events =>
            {
                var step = Step();
                await using var processor = (sessions
                        ? step.SessionWindows(TimeSpan.FromTicks(5))
                        : step.TumblingWindows(TimeSpan.FromTicks(10)))
                    .Aggregate(a => a.Count("n")
                        .Where("errors", e => e.Count("errors").Sum("sum", "x").Expression("mean", "sum / errors"))
                        .Where("paid", e => e.Max("max", "x").Distinct("values", "x")))
                    .WithOptions(Options(mode) with { ShardCount = shards })
                    .Build();
                processor.Start();
                events = [.. events.OrderBy(e => e.Time)];
                foreach (var (key, time, value, filters) in events)
                    processor.Publish(key, time, [value], filters);
                await processor.StopAsync(StopMode.Complete);

                var (count, errors, sum, values) = (0L, 0L, 0.0, 0L);
                while (processor.TryReadResult(out var pane))
                {
                    var own = events.Where(e => e.Key == pane.Key
                        && e.Time >= pane.Window.StartTicks && e.Time < pane.Window.EndTicks).ToList();
                    var failed = own.Where(e => (e.Filters & Error) != 0).ToList();
                    var paid = own.Where(e => (e.Filters & Paid) != 0).ToList();
                    Assert.Equal((own.Count, failed.Count), (pane.GetInt64("n"), pane.GetInt64("errors")));
                    Assert.Equal(failed.Sum(e => e.Value), pane["sum"]);
                    Assert.Equal(paid.Count == 0 ? double.NaN : paid.Max(e => e.Value), pane["max"]);
                    Assert.Equal(paid.Select(e => e.Value).Distinct().Count(), pane.GetInt64("values"));
                    count += own.Count;
                    errors += failed.Count;
                    sum += failed.Sum(e => e.Value);
                    values += pane.GetInt64("values");
                }

                Assert.Equal(events.Length, count);
                Assert.Equal(events.Count(e => (e.Filters & Error) != 0), errors);
            },
            iter: mode == ExecutionMode.Inline ? 60 : 8,
            threads: 1);

    [Theory]
    [InlineData(ExecutionMode.Inline, false)]
    [InlineData(ExecutionMode.Fused, false)]
    [InlineData(ExecutionMode.Inline, true)]
    [InlineData(ExecutionMode.Fused, true)]
    public Task Where_OfTheProcessor_TakesNoOtherEvent(ExecutionMode mode, bool sessions) => Events.SampleAsync(
        async events =>
        {
            await using var filtered = New(Step().Where("paid"));
            await using var alone = New(Step());
            PublishBoth(events, filtered, alone);

            await filtered.StopAsync(StopMode.Complete);
            await alone.StopAsync(StopMode.Complete);
            Assert.Equal(Lines(alone), Lines(filtered));
            var stats = filtered.GetStats();
            Assert.Equal(events.Count(e => (e.Filters & Paid) == 0), stats.EventsFiltered);
            Assert.Equal(alone.GetStats().LateDropped, stats.LateDropped);

            StreamProcessor<int> New(KeyedEventsStep<int> step)
            {
                var processor = (sessions
                        ? step.SessionWindows(TimeSpan.FromTicks(5))
                        : step.SlidingWindows(TimeSpan.FromTicks(10), TimeSpan.FromTicks(4)))
                    .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) })
                    .Aggregate(a => a.Count("n").Sum("sum", "x").Where("errors", e => e.Count("errors")))
                    .WithOptions(Options(mode))
                    .Build();
                processor.Start();
                return processor;
            }
        },
        iter: mode == ExecutionMode.Inline ? 60 : 8,
        threads: 1);

    [Fact]
    public async Task Publish_InAnyWay_CarriesTheBits()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .Measure("x").Measure("y", MeasureType.Int64).Filter("errors").Filter("paid")
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("n").Where("paid", p => p.Count("paid").Sum("y", "y"))
                .Where("errors", e => e.Count("errors")))
            .WithOptions(Options(ExecutionMode.Inline))
            .Build();
        var time = DateTimeOffset.UnixEpoch;
        using var handle = processor.GetKey("k");
        long[] bits = [BitConverter.DoubleToInt64Bits(0.5), 1];
        processor.Publish("k", 0, [0.5, 1], Paid);
        processor.Publish(handle, time, [0.5, 1], Paid);
        processor.PublishBits("k", 0, bits, Paid);
        processor.PublishBits("k"u8, time, bits, Paid);
        Assert.True(processor.TryPublish("k", 0, [0.5, 1], Paid));
        Assert.True(processor.TryPublish("k", time, [0.5, 1], Paid));
        Assert.True(processor.TryPublishBits("k", 0, bits, Paid));
        Assert.True(processor.TryPublishBits("k", time, bits, Paid));
        await processor.PublishAsync("k", 0, [0.5, 1], Paid, TestContext.Current.CancellationToken);
        await processor.PublishAsync("k", time, [0.5, 1], Paid, TestContext.Current.CancellationToken);
        await processor.PublishBitsAsync("k", 0, bits, Paid, TestContext.Current.CancellationToken);
        await processor.PublishBitsAsync("k", time, bits, Paid, TestContext.Current.CancellationToken);
        PublishClaim(processor, handle, bits, time);
        await processor.StopAsync(StopMode.Complete);
        Assert.True(processor.TryReadResult(out var pane));
        Assert.Equal(
            (19, 18, 18, 0),
            (pane.GetInt64("n"), pane.GetInt64("paid"), pane.GetInt64("y"), pane.GetInt64("errors")));
    }

    [Fact]
    public async Task Publish_BitsThatDoNotFit_AreRefused()
    {
        await using var with = Step().TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Count("n"))
            .WithOptions(Options(ExecutionMode.Inline)).Build();
        await using var without = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Count("n"))
            .WithOptions(Options(ExecutionMode.Inline)).Build();
        AssertRefused("without their bits", () => with.Publish(1, 0, 1.0));
        AssertRefused("without their bits", () => with.Publish(1, 0, [1.0]));
        AssertRefused("without their bits", () => with.PublishBits(1, 0, [1]));
        AssertRefused("2 measure(s)", () => with.Publish(1, 0, [1.0, 2.0]));
        AssertRefused("2 measure(s)", () => with.Publish(1, 0, [1.0, 2.0], Paid));
        AssertRefused("0x4", () => with.Publish(1, 0, [1.0], 0b100));
        AssertRefused("declares none", () => without.Publish(1, 0, [1.0], Paid));
        using var key = with.GetKey(1);
        AssertRefused("without their bits", () => with.CreatePublisher("p").Publish(new KeyedEvent(key, 0, 1)));
        Assert.Equal(0, with.GetStats().EventsProcessed);
    }

    [Fact]
    public void Filter_NamesThatDoNotFit_AreRefused()
    {
        AssertRefused("already a filter", () => Step().Filter("paid"));
        AssertRefused("did you mean 'paid'?", () => Step().Where("piad"));
        AssertRefused("already", () => Step().Where("paid").Where("errors"));
        AssertRefused("none is declared", () => StreamProcessorBuilder.ForKeys<int>().Where("errors"));
        AssertRefused("did you mean 'errors'?", () => Step().TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Where("error", e => e.Count("n"))));
        Assert.Throws<InvalidOperationException>(() => Step().TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Where("errors", e => e.Where("paid", p => p.Count("n")))));
        AssertRefused("on one thread", () => Step().Where("paid").TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("n"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Staged }).Build());
        var step = StreamProcessorBuilder.ForKeys<int>();
        for (var number = 0; number < 64; number++)
            step = step.Filter($"f{number}");
        AssertRefused("at most 64", () => step.Filter("more"));
    }

    private static void PublishBoth(
        (int Key, long Time, double Value, ulong Filters)[] events,
        StreamProcessor<int> filtered,
        StreamProcessor<int> alone)
    {
        using var all = filtered.CreatePublisher("source");
        using var passed = alone.CreatePublisher("source");
        foreach (var (key, time, value, filters) in events)
        {
            all.Publish(key, time, [value], filters);
            if ((filters & Paid) != 0)
                passed.Publish(key, time, [value], filters);
            else
                passed.PublishFiltered(time);
        }
    }

    private static KeyedEventsStep<int> Step() =>
        StreamProcessorBuilder.ForKeys<int>().Measure("x").Filter("errors").Filter("paid");

    private static StreamProcessorOptions Options(ExecutionMode mode) =>
        new() { Mode = mode, FutureSkewLimit = null };

    private static void PublishClaim(
        StreamProcessor<string> processor, KeyHandle handle, long[] bits, DateTimeOffset time)
    {
        using var publisher = processor.CreatePublisher("claims");
        using var claim = publisher.Claim(7);
        claim.Add("k", 0, [0.5, 1], Paid);
        claim.Add(handle, time, [0.5, 1], Paid);
        claim.AddBits("k", 0, bits, Paid);
        claim.AddBits("k"u8, time, bits, Paid);
        claim.AddBits("k".AsSpan(), time, bits, Paid);
        claim.Add("k", 0, [0.5, 1], Paid);
        claim.Add("k", 0, [0.5, 1], 0);
        claim.Publish();
    }

    private static void AssertRefused(string because, Action call) =>
        Assert.Contains(because, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);

    private static List<string> Lines(StreamProcessor<int> processor)
    {
        var lines = new List<string>();
        while (processor.TryReadResult(out var pane))
            lines.Add(pane.ToString());

        // Keys are numbered as they first come, also by events that the filter takes out.
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
